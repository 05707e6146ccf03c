"""Reviewing: the page of findings served to one person's browser, their verdicts kept and exported.

documents  the documents of a report, as the page shows them
store      verdicts in an SQLite file beside the report
exports    verdicts as gold pairs, CSV, ClaimReview drafts
server     the page and its few requests, on loopback
"""
