"""The columns of a parquet file of tasks: the fields of `Task`, with the same names and in the same order."""

import pyarrow as pa

_numbers = pa.list_(pa.float64())
_places = pa.list_(pa.int32())
_frames = pa.struct(
    {
        "indices": _places,
        "source_fps": pa.float64(),
        "num_source_frames": pa.int32(),
        "order": _places,
        "times_s": _numbers,
    }
)
_media = pa.struct(
    {
        "kind": pa.string(),
        "path": pa.string(),
        "width": pa.int32(),
        "height": pa.int32(),
        "sha256": pa.string(),
        "frames": _frames,
        "blank": pa.bool_(),
        "mirrored": pa.bool_(),
        "shown": _places,
    }
)
_scene = pa.struct(
    {
        "objects": pa.list_(pa.struct({"id": pa.string(), "bbox": _numbers})),
        "relationships": pa.list_(
            pa.struct({"subject": pa.string(), "predicate": pa.string(), "object": pa.string()}),
        ),
        "frame": pa.string(),
    }
)
_object_3d = pa.struct(
    {
        "id": pa.string(),
        "category": pa.string(),
        "colour": pa.string(),
        "centre_world": _numbers,
        "centre_camera": _numbers,
        "size": _numbers,
        "yaw_world": pa.float64(),
        "yaw_camera": pa.float64(),
        "visibility": pa.float64(),
    }
)
_map_cell = pa.struct({"label": pa.string(), "column": pa.int32(), "row": pa.int32()})

SCHEMA = pa.schema(
    {
        "id": pa.string(),
        "question": pa.string(),
        "media": pa.list_(_media),
        "options": pa.list_(pa.string()),
        "answer": pa.string(),
        "answer_kind": pa.string(),
        "unit": pa.string(),
        "family": pa.string(),
        "source": pa.string(),
        "scene_id": pa.string(),
        "split": pa.string(),
        "demonstration": pa.string(),
        "twin": pa.string(),
        "scene": _scene,
        "objects_3d": pa.list_(_object_3d),
        "cognitive_map": pa.list_(_map_cell),
        "coordinates": pa.string(),
        "extra": pa.map_(pa.string(), pa.string()),
    }
)
TEXT_FIELDS = tuple(field.name for field in SCHEMA if field.type == pa.string())
