"""Fuzzing of everything that reads what somebody sends, guided by coverage.

    python -m venv venv && venv/bin/pip install . atheris
    venv/bin/python -m tests.fuzzing documents -max_total_time=300

It takes the options of libFuzzer, and is no part of the gate; `test_targets.py` runs each target
on its seeds and on some damaged ones, so that it works when it is wanted.
"""
