"""The answers as Parquet: typed columns, their labels beside them, some thousand rows at a time."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from itertools import islice
from typing import Any, BinaryIO

import pyarrow as pa
import pyarrow.parquet as pq

from analysis.exports import AnswerTable, ColumnType
from analysis.files.codebook import Codebook, Variable

ROWS_AT_ONCE = 10_000
_TYPES: dict[ColumnType, Callable[[], pa.DataType]] = {
    "text": pa.string,
    "code": lambda: pa.dictionary(pa.int8(), pa.string(), ordered=True),
    "tick": pa.bool_,
    "number": pa.int32,
    "moment": lambda: pa.timestamp("ms", tz="UTC"),
}


def parquet(answers: AnswerTable, codebook: Codebook, target: BinaryIO) -> None:
    """Write the answers; the memory used does not grow with their number.

    Codes are dictionaries, which pandas reads as ordered categories. Each field's metadata hold
    its label and the labels of its values (JSON by code).
    """
    schema = _schema(codebook)
    rows = answers.rows()
    with pq.ParquetWriter(target, schema, compression="zstd") as writer:
        while batch := list(islice(rows, ROWS_AT_ONCE)):
            columns = zip(*batch, strict=True)
            arrays = [
                _array(variable, field.type, cells)
                for variable, field, cells in zip(codebook.variables, schema, columns, strict=True)
            ]
            writer.write_table(pa.Table.from_arrays(arrays, schema=schema))


def _schema(codebook: Codebook) -> pa.Schema:
    fields = [pa.field(v.name, _TYPES[v.type](), metadata=_metadata(v)) for v in codebook.variables]
    about = {"title": codebook.title, "version": codebook.version, "language": codebook.language}
    return pa.schema(fields, metadata={"questionnaire": codebook.questionnaire, **about})


def _metadata(variable: Variable) -> dict[str, str]:
    values = {value.code: value.label for value in variable.values}
    found = {"label": variable.label, "measure": variable.measure}
    return {**found, "values": json.dumps(values, ensure_ascii=False)} if values else found


def _array(variable: Variable, kind: pa.DataType, cells: Sequence[Any]) -> pa.Array:
    if variable.type != "code":
        given = (
            [None if c is None else bool(c) for c in cells] if variable.type == "tick" else cells
        )
        return pa.array(given, kind)
    codes = [value.code for value in variable.values]
    places = {code: place for place, code in enumerate(codes)}
    places_given = pa.array([None if c is None else places[c] for c in cells], pa.int8())
    return pa.DictionaryArray.from_arrays(places_given, pa.array(codes, pa.string()), ordered=True)
