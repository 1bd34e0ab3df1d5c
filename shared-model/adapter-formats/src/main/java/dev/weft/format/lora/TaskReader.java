package dev.weft.format.lora;

import dev.weft.format.checkpoint.DecoderShape;
import dev.weft.format.lora.config.DeclaredTask;
import dev.weft.format.lora.config.PeftConfig;
import dev.weft.format.lora.reason.LoraFault;
import dev.weft.format.lora.reason.Reasons;
import dev.weft.format.lora.weight.LabelHead;
import dev.weft.format.lora.weight.LoraTask;
import dev.weft.format.pooling.Pooling;
import dev.weft.format.pooling.PoolingException;
import dev.weft.format.pooling.PoolingFiles;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterTask;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Collection;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Reads what an adapter was trained for, and the parts that belong to its task. A reader serves one
 * check.
 */
final class TaskReader {
    private final Path folder;
    private final DecoderShape base;
    private final Reasons reasons;
    private final boolean valuesKnown;
    private @Nullable LabelHead head;

    TaskReader(Path folder, DecoderShape base, Reasons reasons, boolean valuesKnown) {
        this.folder = folder;
        this.base = base;
        this.reasons = reasons;
        this.valuesKnown = valuesKnown;
    }

    /** The tensors that are not part of the task; call it before {@link #read}. */
    Collection<Tensor> others(PeftConfig config, Collection<Tensor> tensors) {
        if (config.task().kind() != AdapterTask.SEQ_CLS) {
            return tensors;
        }
        head = new LabelHead(tensors, base.hiddenSize(), reasons, valuesKnown);
        return head.others();
    }

    /** The task; empty, with reasons, if it can't be served. */
    Optional<LoraTask> read(PeftConfig config) {
        return switch (config.task().kind()) {
            case CAUSAL_LM -> Optional.of(new LoraTask.Generation());
            case FEATURE_EXTRACTION -> Optional.of(new LoraTask.Embedding(pooling(config.task())));
            case SEQ_CLS -> head == null ? Optional.empty() : head.read().map(it -> it);
        };
    }

    /** The pooling that the configuration names, else that of the files beside it. */
    private @Nullable Pooling pooling(DeclaredTask task) {
        if (task.pooling() != null) {
            return task.pooling();
        }
        try {
            return PoolingFiles.read(folder).orElse(null);
        } catch (PoolingException e) {
            reasons.refuse(
                    LoraFault.UNSUPPORTED_SETTING,
                    new Reasons.Location(e.file(), e.field()),
                    e.found(),
                    e.allowed(),
                    "is not served");
        } catch (IOException e) {
            reasons.refuse(
                    LoraFault.FILE_UNREADABLE,
                    new Reasons.Location(PoolingFiles.MODULES, null),
                    e.toString(),
                    "a file that can be read",
                    "could not be read");
        }
        return null;
    }
}
