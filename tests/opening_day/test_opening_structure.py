"""The simulated system is the deployed one."""

from __future__ import annotations

from bench.opening_day.preparation import PREPARATIONS, Preparation, preparation
from bench.opening_day.quotas import MAPPING_GROWS_PER_S, MAPPING_STARTS_WITH, QUOTAS
from bench.opening_day.service_times import service_times
from bench.opening_day.structure import read_structure
from modupoint.issuers import ISSUERS
from query import lanes
from query.asking import DELIVERIES_PER_MESSAGE
from query.lanes import LANE_BATCH_SIZE


def test_what_the_code_says_of_its_lanes_is_what_the_template_deploys() -> None:
    structure = read_structure()
    assert structure.issuers == tuple(ISSUERS)
    assert structure.batch_size == LANE_BATCH_SIZE
    assert structure.deliveries == DELIVERIES_PER_MESSAGE
    assert structure.visibility_s >= 6 * structure.worker_timeout_s


def test_the_code_reckons_with_the_ramp_that_aws_documents() -> None:
    documented = (MAPPING_STARTS_WITH, MAPPING_GROWS_PER_S)
    assert documented == (lanes.MAPPING_STARTS_WITH, lanes.MAPPING_GROWS_PER_S)


def test_a_parameter_of_the_stack_moves_what_refers_to_it() -> None:
    assert read_structure(parameters={"LaneConcurrency": 77}).lane_concurrency == 77
    assert read_structure().lane_concurrency == 20


def test_production_is_read_and_not_the_local_stage() -> None:
    # Two workers a lane are for one machine.
    assert read_structure().lane_concurrency > 2


def test_what_is_prepared_fits_into_the_quotas_asked_for() -> None:
    for scale, prepared in PREPARATIONS.items():
        deployed = prepared.applied(read_structure())
        money = deployed.transfer_lane_concurrency * len(deployed.issuers)
        lanes = deployed.lane_concurrency * len(deployed.issuers)
        assert lanes + money < prepared.lambda_concurrency, scale


def test_the_first_day_needs_nothing_that_is_not_the_default() -> None:
    assert preparation(1) == Preparation()
    assert Preparation().lambda_concurrency == QUOTAS["lambda_concurrency"].default


def test_a_scale_between_two_is_prepared_as_the_larger() -> None:
    assert preparation(0.1) == PREPARATIONS[1]
    assert preparation(11) == PREPARATIONS[50]
    assert preparation(80) == PREPARATIONS[50]


def test_a_worker_of_little_memory_takes_longer_than_it_was_measured_to() -> None:
    structure = read_structure()
    times = service_times(structure)
    assert times.worker_cpu_s[0] == 0
    assert list(times.worker_cpu_s) == sorted(times.worker_cpu_s)
    assert len(times.worker_cpu_s) == structure.batch_size + 1
    assert times.worker_cpu_s[1] > 0.01
