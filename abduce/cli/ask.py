"""`abduce ask`: ready questions."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from abduce.cli.options import AsOf, GraphOptions, Json, Since
from abduce.cli.params import Params, Timeout

if TYPE_CHECKING:
    from kg.asking import Answer, Question


def ask(
    name: Annotated[
        str | None,
        typer.Argument(metavar="[NAME]", help="The question; without one, all are listed."),
    ] = None,
    param: Params = None,
    as_of: AsOf = None,
    since: Since = None,
    timeout: Timeout = None,
    explain: Annotated[
        bool,
        typer.Option("--explain", help="Show what a question answers and takes, and its Cypher."),
    ] = False,
    *,
    at: GraphOptions,
    as_json: Json = False,
) -> None:
    from abduce.cli.params import read_texts
    from kg.asking import find_question

    if name is None:
        _list(as_json=as_json)
        return
    question = find_question(name)
    if explain:
        _explain(question, as_json=as_json)
        return
    import abduce
    from abduce.settings import read_settings

    dates = {"as_of": as_of, "since": since}
    params = read_texts(param) | {key: date for key, date in dates.items() if date is not None}
    seconds = read_settings(query_timeout=timeout).query_timeout
    with at.open() as opened:
        answer = abduce.ask(opened.within(seconds), name, **params)
    _show(answer, question, as_json=as_json)


def _list(*, as_json: bool) -> None:
    from abduce.cli.console import print_fields, print_json
    from kg.asking import list_questions

    if as_json:
        for question in list_questions():
            print_json(question.model_dump(exclude={"cypher"}))
    else:
        print_fields({question.name: question.about for question in list_questions()})


def _explain(question: Question, *, as_json: bool) -> None:
    from abduce.cli.console import print_json, results

    if as_json:
        print_json(question.model_dump())
    else:
        results().print(question.cypher.rstrip(), soft_wrap=True)


def _show(answer: Answer, question: Question, *, as_json: bool) -> None:
    from abduce.cli.console import print_json, print_rows, say
    from abduce.cli.hypotheses import say_window

    for parameter, entity in answer.entities.items():  # which one each name was taken for
        say(f"{parameter}: {entity.name} ({entity.id}, {entity.type})")
    if answer.window is not None and answer.left_out is not None:
        say_window(answer.window, answer.left_out)
    if as_json:
        for row in answer.rows:
            print_json(row)
    elif answer.rows:
        print_rows(answer.rows)
    if answer.rows and len(answer.rows) == answer.parameters.get("limit"):
        say(f"the first {len(answer.rows)} rows, there may be more: --param limit=N for N rows")
    if not answer.rows:
        say(f"nothing found: {question.about}")
        raise typer.Exit(1)
