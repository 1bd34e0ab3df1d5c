package dev.weft.format.lora.name;

import dev.weft.format.checkpoint.BaseShape;
import dev.weft.format.safetensors.Tensor;
import dev.weft.protocol.adapter.AdapterTask;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/**
 * How one adapter spells the names of its base's decoder, e.g. {@code
 * model.language_model.layers.3.self_attn.q_proj}. Within an adapter's check its tensors have the
 * plain names, {@code model.layers.3...}; its patterns are matched against its own spelling, as
 * PEFT did.
 *
 * @param spelling what stands before {@code layers.N}, with its last dot
 * @param hasHead whether the model that PEFT wrapped has {@code lm_head}
 */
public record DecoderNames(BaseShape base, String spelling, boolean hasHead) {
    private static final String LAYERS = "layers.";
    private static final String HEAD = "lm_head";

    /** Names of a decoder that PEFT wrapped by itself, without the model around it. */
    private static final List<String> ALONE = List.of(LAYERS, "embed_tokens.", "norm.");

    /**
     * The spelling that an adapter's tensors have; the base's own if none has one.
     *
     * @param task PEFT may wrap a decoder for embeddings without the model around it, so that its
     *     layers are {@code layers.N}; a model of labels has no {@code lm_head}
     */
    public static DecoderNames of(BaseShape base, Collection<Tensor> tensors, AdapterTask task) {
        boolean hasHead = task != AdapterTask.SEQ_CLS;
        if (task.isDecoderAlone() && tensors.stream().anyMatch(it -> isOfAlone(path(it.name())))) {
            return new DecoderNames(base, "", false);
        }
        for (Tensor tensor : tensors) {
            Optional<String> spelling = spelling(base, path(tensor.name()));
            if (spelling.isPresent()) {
                return new DecoderNames(base, spelling.get(), hasHead);
            }
        }
        return new DecoderNames(base, base.prefix(), hasHead);
    }

    private static boolean isOfAlone(String path) {
        return ALONE.stream().anyMatch(path::startsWith);
    }

    private static String path(String tensor) {
        return tensor.startsWith(TensorName.PREFIX)
                ? tensor.substring(TensorName.PREFIX.length())
                : tensor;
    }

    private static Optional<String> spelling(BaseShape base, String path) {
        return base.spellings().stream()
                .filter(prefix -> path.startsWith(prefix + LAYERS))
                .findFirst();
    }

    /** A path as this adapter spells it; the head lies outside of the decoder. */
    public String spelled(TensorPlace place) {
        String path = place.text();
        return path.startsWith(BaseShape.PLAIN)
                ? spelling + path.substring(BaseShape.PLAIN.length())
                : path;
    }

    /** The edges of the model that PEFT wrapped. */
    public List<Edge> edges() {
        return hasHead ? List.of(Edge.values()) : List.of(Edge.EMBEDDING);
    }

    /**
     * A tensor under its plain name; the tensor as it is if its name isn't one of the decoder's.
     */
    public Tensor plain(Tensor tensor) {
        if (isAlone()) {
            String path = path(tensor.name());
            return isOfAlone(path) ? named(tensor, BaseShape.PLAIN + path) : tensor;
        }
        if (!base.isShown()) {
            return tensor;
        }
        String path = path(tensor.name());
        for (String prefix : base.spellings()) {
            String within = path.startsWith(prefix) ? path.substring(prefix.length()) : "";
            if (within.startsWith(LAYERS) || within.startsWith("embed_tokens")) {
                return named(tensor, BaseShape.PLAIN + within);
            }
            String head = prefix.substring(0, prefix.indexOf('.') + 1) + HEAD;
            if (path.startsWith(head)) {
                return named(tensor, HEAD + path.substring(head.length()));
            }
        }
        return tensor;
    }

    private boolean isAlone() {
        return spelling.isEmpty();
    }

    private static Tensor named(Tensor tensor, String path) {
        return new Tensor(TensorName.PREFIX + path, tensor.dtype(), tensor.shape(), tensor.data());
    }

    /** Whether a tensor belongs to another part of the model, such as one that sees. */
    public boolean isElsewhere(Tensor tensor) {
        String path = path(tensor.name());
        return base.isShown()
                && !isAlone()
                && path.matches(".*\\.lora_[AB](\\.[^.]+)?\\.weight")
                && spelling(base, path).isEmpty()
                && !path.contains(HEAD)
                && !path.contains("embed_tokens");
    }
}
