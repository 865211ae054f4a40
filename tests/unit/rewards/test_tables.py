import numpy as np

from spatialrl.rewards.tables import inside, padded


def test_lists_become_rows_that_zeros_fill_up():
    assert padded(np.array([1, 2, 3, 4]), np.array([1, 3])).tolist() == [[1, 0, 0], [2, 3, 4]]
    assert padded(np.zeros((4, 2)), np.array([1, 3])).shape == (2, 3, 2)


def test_what_is_inside_tells_padding_from_the_rest():
    assert inside(np.array([[1, 2], [2, 1]])).astype(int).tolist() == [[[1, 1], [0, 0]], [[1, 0], [1, 0]]]
