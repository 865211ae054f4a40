from dataclasses import replace

from spatialrl.data.placeholders import content_parts, unlike_media
from tests.fakes import make_image

IMAGE = make_image()
VIDEO = replace(IMAGE, kind="video")


def test_media_stand_where_the_question_names_them():
    assert content_parts("Is <image> like <image>?", [IMAGE, IMAGE]) == [
        {"type": "text", "text": "Is "},
        {"type": "image"},
        {"type": "text", "text": " like "},
        {"type": "image"},
        {"type": "text", "text": "?"},
    ]


def test_media_come_first_where_the_question_names_none():
    assert content_parts("Which?", [VIDEO, IMAGE]) == [
        {"type": "video"},
        {"type": "image"},
        {"type": "text", "text": "Which?"},
    ]


def test_a_question_without_media_is_one_text():
    assert content_parts("Two and two?", []) == [{"type": "text", "text": "Two and two?"}]


def test_depth_maps_are_named_as_images():
    assert unlike_media(["<image><image>"], [IMAGE, replace(IMAGE, kind="depth")]) is None


def test_options_count_with_the_question():
    assert unlike_media(["Which fits?", "<image>", "<image>"], [IMAGE, IMAGE]) is None


def test_the_order_of_images_and_videos_counts():
    told = unlike_media(["<image> then <video>"], [VIDEO, IMAGE])
    assert told is not None
    assert told.endswith("1 <image> for 1 and 1 <video> for 1 there are; their order differs.")
