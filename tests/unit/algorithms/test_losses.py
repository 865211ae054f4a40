import math

import pytest
import torch

from spatialrl.algorithms import KL_ESTIMATORS, LOSSES


def clipped(ratio, advantage, *, clip_dual=3.0):
    """Loss, gradient with respect to the log-prob, and diagnostics of one token."""
    logprobs_T = torch.tensor([math.log(ratio)], requires_grad=True)
    losses_T, diagnostics = LOSSES["clipped"](
        logprobs_T,
        old_logprobs_T=torch.zeros(1),
        advantages_T=torch.tensor([advantage]),
        clip_low=0.2,
        clip_high=0.3,
        clip_dual=clip_dual,
    )
    (gradient_T,) = torch.autograd.grad(losses_T.sum(), logprobs_T)
    return losses_T.item(), gradient_T.item(), {name: values_T.item() for name, values_T in diagnostics.items()}


@pytest.mark.parametrize(
    ("ratio", "advantage", "loss", "gradient", "clipped_by"),
    [
        (1.0, 2.0, -2.0, -2.0, None),
        (1.2, 2.0, -2.4, -2.4, None),
        (1.5, 2.0, -2.6, 0.0, "clipped_high"),
        (0.5, 2.0, -1.0, -1.0, None),
        (0.5, -2.0, 1.6, 0.0, "clipped_low"),
        (1.5, -2.0, 3.0, 3.0, None),
        (5.0, -2.0, 6.0, 0.0, "clipped_dual"),
        (5.0, 0.0, 0.0, 0.0, None),
    ],
)
def test_the_clipped_loss_by_hand(ratio, advantage, loss, gradient, clipped_by):
    measured_loss, measured_gradient, diagnostics = clipped(ratio, advantage)
    assert measured_loss == pytest.approx(loss, abs=1e-6)
    assert measured_gradient == pytest.approx(gradient, abs=1e-6)
    assert diagnostics["ratio"] == pytest.approx(ratio)
    for name in ("clipped_low", "clipped_high", "clipped_dual"):
        assert diagnostics[name] == (name == clipped_by)


def test_zero_switches_the_dual_clip_off():
    assert clipped(5.0, -2.0, clip_dual=0.0)[0] == pytest.approx(10.0)
    assert clipped(5.0, -2.0, clip_dual=0.0)[2]["clipped_dual"] == 0


def test_without_dual_clip_a_token_without_advantage_costs_nothing():
    assert clipped(5.0, 0.0, clip_dual=0.0)[:2] == (0.0, 0.0)


def test_a_runaway_log_ratio_stays_finite():
    losses_T, diagnostics = LOSSES["clipped"](
        torch.tensor([0.0, -500.0]),
        old_logprobs_T=torch.tensor([-500.0, 0.0]),
        advantages_T=torch.tensor([-1.0, 1.0]),
        clip_low=0.2,
        clip_high=0.3,
        clip_dual=0.0,
    )
    assert losses_T.tolist() == pytest.approx([math.exp(20), -math.exp(-20)])
    assert diagnostics["kl_old"].isfinite().all()


def test_an_untouched_policy_reports_no_divergence_from_the_old_one():
    assert clipped(1.0, 1.0)[2]["kl_old"] == 0
    assert clipped(2.0, 1.0)[2]["kl_old"] == pytest.approx(2 - 1 - math.log(2))


def test_diagnostics_hold_no_graph():
    logprobs_T = torch.zeros(2, requires_grad=True)
    for name, loss in LOSSES.items():
        _, diagnostics = loss(
            logprobs_T,
            old_logprobs_T=torch.zeros(2),
            advantages_T=torch.ones(2),
            clip_low=0.2,
            clip_high=0.2,
            clip_dual=3.0,
        )
        assert diagnostics, name
        assert not any(values_T.requires_grad for values_T in diagnostics.values())
        assert {values_T.shape for values_T in diagnostics.values()} == {(2,)}


def test_nll_is_minus_the_log_probability():
    losses_T, diagnostics = LOSSES["nll"](torch.tensor([math.log(0.25), 0.0]))
    assert losses_T.tolist() == pytest.approx([math.log(4), 0])
    assert diagnostics["probability"].tolist() == pytest.approx([0.25, 1])


@pytest.mark.parametrize(
    ("name", "expected"),
    [("k1", math.log(2)), ("k2", math.log(2) ** 2 / 2), ("k3", 0.5 + math.log(2) - 1)],
)
def test_kl_estimators_by_hand(name, expected):
    # The policy gives the token twice the probability that the reference gives it.
    estimate = KL_ESTIMATORS[name](torch.tensor([math.log(0.5)]), torch.tensor([math.log(0.25)]))
    assert estimate.item() == pytest.approx(expected)


@pytest.mark.parametrize("name", KL_ESTIMATORS)
def test_a_policy_equal_to_the_reference_has_no_kl(name):
    assert KL_ESTIMATORS[name](torch.tensor([-1.5]), torch.tensor([-1.5])).item() == 0


def test_k1_and_k3_have_the_true_kl_as_their_mean():
    policy, reference = torch.tensor([0.7, 0.3]), torch.tensor([0.4, 0.6])
    true_kl = (policy * (policy / reference).log()).sum().item()
    for name in ("k1", "k3"):
        assert (policy * KL_ESTIMATORS[name](policy.log(), reference.log())).sum().item() == pytest.approx(true_kl)


def test_kl_of_a_runaway_token_is_clamped():
    policy_T, reference_T = torch.tensor([-500.0, 500.0]), torch.zeros(2)
    assert KL_ESTIMATORS["k1"](policy_T, reference_T).tolist() == [-20, 20]
    assert KL_ESTIMATORS["k2"](policy_T, reference_T).tolist() == [200, 200]
    assert KL_ESTIMATORS["k3"](policy_T, reference_T).tolist() == [10, 10]
