"""``python -m contradict`` is the command ``contradict``."""

from contradict.cli import main

if __name__ == "__main__":
    main()
