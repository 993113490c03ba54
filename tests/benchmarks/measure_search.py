"""The best 20 of a million, beside whatever else could have searched for them; everybody gives the same answer."""

import json
import random
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from dataclasses import dataclass, replace
from pathlib import Path
from time import thread_time
from typing import Any
from uuid import UUID

from sklearn.neighbors import BallTree
from threadpoolctl import threadpool_limits

from marketplace.competencies import NAMES
from matching.pool import Pool
from matching.profiles import Candidate
from matching.question import Question
from matching.ranker import Ranker
from matching.scorecard import STARTING
from matching.week import WeeklyWindow
from tests.benchmarks import region
from tests.benchmarks.engines.ball_tree import Ball
from tests.benchmarks.engines.base import Engine, timed
from tests.benchmarks.engines.geopy_each import GeopyEach
from tests.benchmarks.engines.in_duckdb import Duck
from tests.benchmarks.engines.in_numpy import FullScan, Slab
from tests.benchmarks.engines.in_postgresql import Gist, connected
from tests.benchmarks.engines.ours import Ours
from tests.benchmarks.engines.racing import Row, Runner, race, rows_of, table_of_rows
from tests.benchmarks.engines.scoring import Scorer
from tests.benchmarks.engines.table import Table, table_of
from tests.benchmarks.harness import Bench, Figure, Result, WrongAnswer, benchmark, interleaved, quantile
