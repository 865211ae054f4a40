"""vLLM's end of a weight sync: our weight-transfer engine, loaded into every process of vLLM by its plug-in door.

One engine serves every transport: gloo on CPU and NCCL between GPUs through `workers.transfer`, and CUDA IPC on shared
GPUs. vLLM's own engines are not used. The sender of `nccl` would have to be vLLM's PyNcclCommunicator inside the actor,
it waits without a deadline, and CPU tests could not cover it. `ipc` keeps what it was lent until the last bucket, while
the actor takes back every bucket. The one rule: after `finish_weight_update` the model computes with the new weights
only, whatever vLLM packed at load, and holds no memory of the actor.
"""

import pickle
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

import torch
from torch import Tensor
from torch.multiprocessing.reductions import rebuild_cuda_tensor
from vllm.distributed.weight_transfer import base
from vllm.distributed.weight_transfer.factory import WeightTransferEngineFactory
from vllm.model_executor.model_loader.reload import finalize_layerwise_reload, initialize_layerwise_reload
from vllm.platforms import current_platform

from spatialrl.errors import WorkerError
from workers.rollout import repairs
from workers.rollout.orphans import end_with_parent
from workers.transfer import Endpoint, TensorMeta, TransferGroup

NAME = "spatialrl"
DEVICE_ARGUMENT = 6
"""Of rebuild_cuda_tensor: each process numbers its GPUs for itself."""
Loan = tuple[TensorMeta, dict[str, tuple]]
"""A tensor, and from the UUID of each GPU where it is lent to the arguments of torch's rebuild_cuda_tensor."""


@dataclass
class JoinInfo(base.WeightTransferInitInfo):
    endpoint: dict[str, Any]
    first_rank: int
    """In the transfer group, of this engine's first worker process."""
    timeout_s: float


@dataclass
class UpdateInfo(base.WeightTransferUpdateInfo):
    """Either of two."""

    metas: list[tuple[str, str, list[int]]] = field(default_factory=list)
    """Name, type and shape of every tensor that the group is about to send, in their order."""
    loans: bytes = b""
    """Pickled loans of the actor."""


class Receiver(base.WeightTransferEngine[JoinInfo, UpdateInfo]):
    init_info_cls = JoinInfo
    update_info_cls = UpdateInfo
    supports_draft_weight_update = False
    group: TransferGroup | None = None

    def init_transfer_engine(self, init_info: JoinInfo) -> None:
        self.group = TransferGroup(
            Endpoint(**init_info.endpoint),
            rank=init_info.first_rank + self.parallel_config.rank,
            device=self.device,
            timeout_s=init_info.timeout_s,
        )

    def start_weight_update(self) -> None:
        initialize_layerwise_reload(self.model)

    def update_weights(self, update_info: dict[str, Any]) -> None:
        """As in the base class, which synchronises an accelerator even where there is none."""
        self.receive_weights(self.parse_update_info(update_info))
        if self.device.type != "cpu":
            torch.accelerator.synchronize()

    def receive_weights(self, update_info: UpdateInfo) -> None:
        model: Any = self.model
        model.load_weights(self.incoming(update_info))

    def incoming(self, update_info: UpdateInfo) -> Iterator[tuple[str, Tensor]]:
        if update_info.loans:
            return borrow(pickle.loads(update_info.loans), device=self.device)
        assert self.group is not None, "weights are received after the group was joined"
        return self.group.receive([TensorMeta(name, dtype, tuple(shape)) for name, dtype, shape in update_info.metas])

    def finish_weight_update(self) -> None:
        finalize_layerwise_reload(self.model, self.model_config)
        if self.device.type == "cpu":
            repairs.repair_lm_head(self.model)

    def shutdown(self) -> None:
        if self.group is not None:
            self.group.close()
            self.group = None


def borrow(loans: Sequence[Loan], *, device: torch.device) -> Iterator[tuple[str, Tensor]]:
    """Copies: vLLM loads a layer once it is complete, and the actor may have taken back its first half by then."""
    gpu = str(torch.cuda.get_device_properties(device).uuid)
    for meta, handles in loans:
        if gpu not in handles:
            raise WorkerError(
                f"No actor rank shares GPU {gpu} with this rollout worker (they lend on {', '.join(handles)}); "
                "cluster.placement=colocated needs one of each on every GPU."
            )
        arguments = list(handles[gpu])
        arguments[DEVICE_ARGUMENT] = device.index
        yield meta.name, rebuild_cuda_tensor(*arguments).clone()


def register() -> None:
    """Entry point of `vllm.general_plugins`; runs in every vLLM process, in some more than once."""
    if NAME not in WeightTransferEngineFactory._registry:
        WeightTransferEngineFactory.register_engine(NAME, Receiver)
        end_with_parent()
        if current_platform.is_cpu():
            repairs.keep_pixels()
