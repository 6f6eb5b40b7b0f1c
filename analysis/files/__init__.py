"""Data files to take away: an evaluation and its answers as XLSX, SPSS, JSON, Parquet and CSV.

docs/formate.md says what stands in each. Nothing here counts: tables come from an `Evaluation`,
answers from `analysis.exports.AnswerTable`, and every format shows the same of both.
"""
