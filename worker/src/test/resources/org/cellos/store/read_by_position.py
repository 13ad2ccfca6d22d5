"""Reads the two documented tables as programs of the Python original do: by position."""
import json
import re
import sqlite3
import sys
from datetime import datetime

# What datetime.fromisoformat of Python 3.7 to 3.10 takes; newer ones take more.
OLD_ISO = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{6}\+00:00")


def time(text):
    if text is None:
        return None
    assert OLD_ISO.fullmatch(text), text
    return datetime.fromisoformat(text)


connection = sqlite3.connect(sys.argv[1])
executions = []
for row in connection.execute("SELECT * FROM executions ORDER BY created_at"):
    assert len(row) == 11, row
    created, started, completed = (time(text) for text in row[6:9])
    assert created.utcoffset().total_seconds() == 0
    assert started is None or created <= started
    assert completed is None or started <= completed
    steps = []
    for step in connection.execute(
        "SELECT * FROM execution_steps WHERE execution_id = ? ORDER BY step_index", (row[0],)
    ):
        assert len(step) == 11, step
        start, end = time(step[7]), time(step[8])
        assert start is None or end is None or start <= end
        steps.append(
            {
                "index": step[2],
                "name": step[3],
                "parameters": json.loads(step[5]),
                "status": step[6],
                "error": step[9],
                "result": json.loads(step[10]) if step[10] else None,
            }
        )
    executions.append(
        {"id": row[0], "status": row[5], "metadata": json.loads(row[10]), "steps": steps}
    )
print(json.dumps(executions))
