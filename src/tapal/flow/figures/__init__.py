"""Figures: named questions to the lake, each in a file with its like, and the door that asks them.

There is no other way to ask: no officer and no command writes a query.
"""

from __future__ import annotations

from collections.abc import Mapping

from tapal.flow.figures import alerts, consignments, crossings, sources, tasks
from tapal.flow.figures.question import Answer, Column, Disclosure, Question, Rows, Window

__all__ = ["QUESTIONS", "Answer", "Column", "Disclosure", "Question", "Rows", "Window"]

QUESTIONS: Mapping[str, Question] = {
    question.name: question
    for part in (crossings, alerts, tasks, consignments, sources)
    for question in part.QUESTIONS
}
