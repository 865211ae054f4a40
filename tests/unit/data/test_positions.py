import numpy as np

from spatialrl.data.positions import IMAGE, TEXT, VIDEO, continue_positions, rope_positions


def test_text_counts_up_the_same_in_all_three_rows():
    positions = rope_positions([TEXT] * 3, image_grids=[], video_grids=[], video_steps=[])
    assert positions.tolist() == [[0, 1, 2]] * 3


def test_an_image_keeps_its_time_and_the_text_goes_on_after_its_longer_side():
    types = [TEXT, *[IMAGE] * 6, TEXT]
    positions = rope_positions(types, image_grids=[(1, 2, 3)], video_grids=[], video_steps=[])
    assert positions[0].tolist() == [0, 1, 1, 1, 1, 1, 1, 4]
    assert positions[1].tolist() == [0, 1, 1, 1, 2, 2, 2, 4]
    assert positions[2].tolist() == [0, 1, 2, 3, 1, 2, 3, 4]


def test_the_text_after_a_video_starts_after_its_last_moment():
    types = [*[VIDEO] * 6, TEXT]
    positions = rope_positions(types, image_grids=[], video_grids=[(3, 1, 2)], video_steps=[2.5])
    # Moments 0, 2.5 and 5, cut to whole numbers; the largest position used is 5.
    assert positions[0].tolist() == [0, 0, 2, 2, 5, 5, 6]


def test_a_response_goes_on_after_the_largest_position():
    prompt = np.array([[0, 7], [0, 1], [0, 1]])
    assert continue_positions(prompt, 2).tolist() == [[0, 7, 8, 9], [0, 1, 8, 9], [0, 1, 8, 9]]
