"""The recipe with models: each is a server of the test that answers by what it is asked."""

import json
import re
from pathlib import Path

import pytest

from spatialrl.data.tasks import read_tasks
from spatialrl.errors import ConfigError, ResourceError
from spatialrl.generators.scene_graph_qa.make import make_scene_graph_qa
from tests.endpoint_server import Asked, Cut, Hang, Raw, Refusal, serve
from tests.unit.generators.scene_graph_qa.graphs import row, write_picture

BOXES = {"man.1": [10, 100, 90, 290], "dog.1": [150, 200, 200, 290], "bench.1": [250, 150, 390, 290]}
NUM_IMAGES = 6


@pytest.fixture(autouse=True)
def directly(monkeypatch):
    monkeypatch.setenv("no_proxy", "127.0.0.1")


@pytest.fixture
def source(tmp_path) -> Path:
    """Six pictures of a man, a dog and a bench, each moved by another pixel, so that no two are the same."""
    lines = []
    for number in range(NUM_IMAGES):
        boxes = {name: [box[0] + number, *box[1:]] for name, box in BOXES.items()}
        write_picture(tmp_path / f"{number}.png", boxes)
        lines.append(json.dumps({"image_id": number, "image": f"{number}.png", **row(boxes)}))
    (tmp_path / "graphs.jsonl").write_text("\n".join(lines))
    return tmp_path / "graphs.jsonl"


def make(source, folder, **options):
    """One question per image, where the bench is for the man: right."""
    plain = {"num_train": NUM_IMAGES, "num_validation": 0, "weights": {"relation": 1}, "per_image": 1}
    make_scene_graph_qa(folder, source=str(source), seed=1, progress=False, **{**plain, **options})
    return read_tasks(folder / "train.parquet")


def model(server, **options):
    return {"url": server.url, "model": "m", "first_pause_s": 0.01, **options}


def knows(asked: Asked) -> str:
    """Sees the picture and knows that the bench is right of everything; blind it says B."""
    return right_of(asked) if asked.num_images else "<answer>B</answer>"


def right_of(asked: Asked) -> str:
    options = dict(re.findall(r"^\((\w)\) (.+)$", asked.text, re.MULTILINE))
    first, second = re.findall(r"(?:the|The) (man|dog|bench)\b", asked.text)[-2:]
    right = list(BOXES).index(f"{first}.1") > list(BOXES).index(f"{second}.1")
    letter = next(letter for letter, text in options.items() if text == ("right" if right else "left"))
    return f"I look. <answer>({letter})</answer>"


@pytest.mark.parametrize("api", ["openai", "anthropic"])
def test_questions_that_judges_answer_are_kept_with_their_rates(source, tmp_path, api):
    with serve(knows) as server:
        tasks = make(source, tmp_path / "qa", judges=[model(server, api=api)], attempts=4, blind=3)
    assert len(tasks) == NUM_IMAGES
    assert {task.extra["pass_rate"] for task in tasks} == {"1"}
    assert {task.extra["blind_rate"] for task in tasks} <= {"0", "0.333", "0.667"}


def test_attempts_are_shared_by_judges_and_temperatures_and_see_the_options_in_several_orders(source, tmp_path):
    with serve(knows) as first, serve(knows) as second:
        judges = [model(first), model(second)]
        make(source, tmp_path / "qa", num_train=1, judges=judges, attempts=8, blind=0, temperatures=[0, 1])
        assert [len(server.asked) for server in (first, second)] == [4, 4]
        assert sorted(asked.body["temperature"] for asked in first.asked) == [0, 0, 1, 1]
        orders = {re.findall(r"^\(\w\) (.+)$", asked.text, re.MULTILINE)[0] for asked in [*first.asked, *second.asked]}
        assert len(orders) == 2


def test_a_question_nobody_answers_rightly_is_dropped_with_the_reason(source, tmp_path):
    def wrong(asked):
        right = knows(asked)[-11]
        return f"<answer>{'B' if right == 'A' else 'A'}</answer>"

    def half(asked):
        return wrong(asked) if "the man" in asked.text else knows(asked)

    with serve(half) as server:
        tasks = make(source, tmp_path / "qa", judges=[model(server)], blind=0)
    assert tasks
    assert not any("the man" in task.question for task in tasks)
    rejected = [json.loads(line) for line in (tmp_path / "qa" / "rejected.jsonl").read_text().splitlines()]
    assert {line["kind"] for line in rejected} == {"not confirmed"}
    assert "0 of 4 answers were right; 1 are needed" in rejected[0]["reason"]


def test_a_question_that_is_answered_without_the_picture_is_dropped(source, tmp_path):
    def knows_the_man_blind(asked):
        return right_of(asked) if "the man" in asked.text else knows(asked)

    with serve(knows_the_man_blind) as server:
        tasks = make(source, tmp_path / "qa", judges=[model(server)], num_train=3)
    assert not any("the man" in task.question for task in tasks)
    report = json.loads((tmp_path / "qa" / "report.json").read_text())
    assert report["dropped"].keys() == {"guessed blind"}


@pytest.mark.parametrize("reply", ["", "A or B", "<answer>E</answer>", "left or right", "I can't tell."])
def test_a_reply_that_names_no_option_is_no_right_answer(source, tmp_path, reply):
    with serve([reply]) as server, pytest.raises(Exception, match="0 of 4 answers were right"):
        make(source, tmp_path / "qa", judges=[model(server)], num_train=1)


FAULTS = [Refusal(429, retry_after="0.01"), Refusal(500), Cut(), Raw(b"?"), Raw(b'{"choices": []}'), Hang(0.4)]


def test_faults_that_pass_change_nothing(source, tmp_path):
    rest = iter(FAULTS * 4)
    with serve(knows) as sound, serve(lambda asked: next(rest, None) or knows(asked)) as faulty:
        make(source, tmp_path / "sound", judges=[model(sound)])
        make(source, tmp_path / "faulty", judges=[model(faulty, attempt_timeout_s=0.2, num_attempts=25)])
    assert (tmp_path / "sound/train.parquet").read_bytes() == (tmp_path / "faulty/train.parquet").read_bytes()
    assert (tmp_path / "faulty/rejected.jsonl").read_text() == ""


def test_an_error_is_no_rejection_and_the_same_command_goes_on_and_pays_nothing_twice(source, tmp_path):
    is_down = []

    def falls_ill(asked):
        is_down.extend([True] if len(server.asked) == 20 else [])
        return Refusal(503) if is_down else knows(asked)

    judge = {"attempts": 4, "blind": 0}
    with serve(falls_ill) as server:
        options = {**judge, "judges": [model(server, num_attempts=1, max_concurrent=2)]}
        with pytest.raises(ResourceError, match=r"got no answer .*HTTP 503.*the same command goes on"):
            make(source, tmp_path / "qa", **options)
        assert not (tmp_path / "qa").exists()
        num_before = len(server.asked)
        is_down.clear()
        server.answer = knows
        tasks = make(source, tmp_path / "qa", **options)
        assert len(tasks) == NUM_IMAGES
        assert num_before + 4 * NUM_IMAGES - 19 == len(server.asked)
    with serve(knows) as server:
        make(source, tmp_path / "whole", **judge, judges=[model(server)])
    assert (tmp_path / "qa/train.parquet").read_bytes() == (tmp_path / "whole/train.parquet").read_bytes()


def test_money_that_is_spent_ends_the_work_and_more_money_goes_on(source, tmp_path):
    prices = {"input_price": 1.0, "output_price": 10.0}
    with serve(knows) as server:
        with pytest.raises(ResourceError, match=r"max_cost=0.009"):
            make(source, tmp_path / "qa", judges=[model(server, **prices, max_cost=0.009, max_concurrent=1)])
        assert len(make(source, tmp_path / "qa", judges=[model(server, **prices, max_cost=1)])) == NUM_IMAGES


def test_a_wrong_key_ends_the_work(source, tmp_path):
    with serve([Refusal(401)]) as server, pytest.raises(ConfigError, match="HTTP 401"):
        make(source, tmp_path / "qa", judges=[model(server)])


def test_what_an_endpoint_refuses_is_left_out_where_that_is_wanted(source, tmp_path):
    with serve(lambda asked: Refusal(400) if "man" in asked.text else knows(asked)) as server:
        options = {"judges": [model(server)], "blind": 0, "num_train": 2}
        with pytest.raises(ResourceError, match="HTTP 400"):
            make(source, tmp_path / "qa", **options)
        tasks = make(source, tmp_path / "qa", **options, skip_refused=True)
        assert not any("man" in task.question for task in tasks)


def test_a_paraphrase_keeps_names_and_answer(source, tmp_path):
    def rewrite(asked):
        names = re.findall(r"keep the words '(\w+)', '(\w+)'", asked.text)[0]
        good = f"Would you say the {names[0]} is left or right of the {names[1]}?"
        return json.dumps({"question": "Which side is it on?" if len(asked.body["messages"]) == 1 else good})

    with serve(rewrite) as server:
        tasks = make(source, tmp_path / "qa", writer=model(server, style="paraphrase"))
        assert all(task.question.startswith("Would you say the ") for task in tasks)
        assert {task.extra["written"] for task in tasks} == {"m"}
        said = server.asked[-1].body["messages"][-1]["content"]
        assert re.match(r"That can't be used: the question does not say '\w+' any more", said)


def test_a_paraphrase_that_stays_unusable_leaves_the_words_of_the_template(source, tmp_path):
    with serve(["no idea"]) as server:
        tasks = make(source, tmp_path / "qa", writer=model(server, repairs=1))
        assert {task.extra["written"] for task in tasks} == {"template"}
        assert len(server.asked) == 2 * NUM_IMAGES


def written(**changes):
    good = {
        "question": "Which of these is farther to the right?",
        "options": ["(A) the man", "(B) the bench", "(C) the dog"],
        "answer": "(B)",
        "category": "relation",
        "level": "hard",
        "rating": 8,
        "objects": ["man.1", "bench.1", "dog.1"],
        "relations": [],
    }
    return json.dumps({**good, **changes})


def test_a_model_may_think_up_questions_and_sees_picture_size_and_graph(source, tmp_path):
    with serve([f"Here it is:\n```json\n{written()}\n```"]) as server:
        tasks = make(source, tmp_path / "qa", writer=model(server, style="write"))
        (asked, *_) = server.asked
    assert asked.num_images == 1
    assert "400 x 300 pixels" in asked.text
    assert '{"id": "man.1", "bbox": [1' in asked.text
    assert len(tasks) == NUM_IMAGES
    for task in tasks:
        assert task.answer_text == "the bench"
        assert set(task.options) == {"the man", "the bench", "the dog"}
        assert (task.extra["level"], task.extra["rating"]) == ("hard", "8")
    assert {task.answer for task in tasks} != {"B"}
    # Nobody knew its answer when it was chosen.
    assert not any(task.id.endswith("m") for task in tasks)


def test_what_is_wrong_with_a_reply_is_told_until_it_is_right(source, tmp_path):
    replies = ["hm", '{"question": ', written(options=["a"]), written()]
    with serve(lambda asked: replies[len(asked.body["messages"]) // 2]) as server:
        tasks = make(source, tmp_path / "qa", num_train=1, writer=model(server, style="write", repairs=3))
        told = [asked.body["messages"][-1]["content"] for asked in server.asked[1:]]
    assert len(tasks) == 1
    assert ["no JSON object" in told[0], "can't be read" in told[1], "a list of 2 to 4" in told[2]] == [True] * 3


def test_a_question_that_is_rated_too_low_is_dropped(source, tmp_path):
    with serve(lambda asked: written(rating=3)) as server, pytest.raises(Exception, match="its rating is 3"):
        make(source, tmp_path / "qa", min_rating=5, writer=model(server, style="write"))
