package dev.weft.format.lora.name;

import dev.weft.format.lora.reason.LoraFault;
import dev.weft.protocol.adapter.LinearModule;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The meaning of a tensor's name in adapter_model.safetensors. PEFT writes {@code
 * base_model.model.model.layers.N.self_attn.q_proj.lora_A.weight}. Some tools leave the adapter's
 * name in ({@code lora_A.default.weight}) or leave {@code base_model.model.} out, which means the
 * same.
 */
public sealed interface TensorName {
    /** What a tensor of a module is. */
    public enum Side {
        /** {@code [rank][in]}. */
        A("lora_A.weight"),
        /** {@code [out][rank]}. */
        B("lora_B.weight"),
        /** What {@code lora_bias} adds to the outputs of B: {@code [out]}. */
        BIAS("lora_B.bias"),
        /** DoRA's length of each output's weights: {@code [out]}. */
        MAGNITUDE("lora_magnitude_vector"),
        /** Weights that replace the base's, in their shape. */
        WEIGHT("weight"),
        /** The base's weights as PEFT saves them beside their low-rank change, in their shape. */
        BASE("base_layer.weight"),
        /** Rows that replace those of some tokens: {@code [tokens][hidden]}. */
        TOKENS("token_adapter.trainable_tokens_delta");

        private final String suffix;

        Side(String suffix) {
            this.suffix = suffix;
        }
    }

    /** One tensor of one place; the adapter's name is null if the tensor's name holds none. */
    public record Half(TensorPlace place, Side side, @Nullable String adapter)
            implements TensorName {
        /** PEFT's own spelling. */
        public static String canonical(TensorPlace place, Side side) {
            boolean embedded = place == Edge.EMBEDDING && (side == Side.A || side == Side.B);
            return PREFIX
                    + place.text()
                    + "."
                    + (embedded ? "lora_embedding_" + side : side.suffix);
        }
    }

    /** A tensor that is not served, and why. */
    record Foreign(LoraFault fault, String why) implements TensorName {}

    /** A tensor that changes nothing: the base's weights beside what is saved in their place. */
    record Unused() implements TensorName {}

    String PREFIX = "base_model.model.";

    /** The base's weights, if PEFT has wrapped them for rows of some tokens. */
    String BASE_OF_ROWS = "token_adapter." + Side.BASE.suffix;

    /** The base's weights, if PEFT has wrapped them for what is saved in their place. */
    String ORIGINAL = "original_module.weight";

    /** A path of a layer has at most 4 digits: no decoder has more layers. */
    Pattern MODULE =
            Pattern.compile(
                    "model\\.layers\\.(\\d{1,4})\\.([a-z_]+\\.[a-z_]+)\\.(lora_[A-Za-z0-9_.-]+)");

    /** What follows the module; B alone has a bias. */
    Pattern MATRIX =
            Pattern.compile(
                    "lora_(?:([AB])(?:\\.([A-Za-z0-9_-]+))?\\.(weight)|(B)(?:\\.([A-Za-z0-9_-]+))?\\.(bias))");

    /** PEFT leaves {@code .weight} out of a magnitude's name. */
    Pattern MAGNITUDE =
            Pattern.compile("lora_magnitude_vector(?:\\.([A-Za-z0-9_-]+))??(?:\\.weight)?");

    /** A part of the base around its linear layers, and the rest of the tensor's name. */
    Pattern AROUND =
            Pattern.compile(
                    "(model\\.embed_tokens|lm_head|model\\.(?:layers\\.\\d{1,4}\\.)?[a-z_.]*norm)\\.(.+)");

    Pattern EXPERT =
            Pattern.compile(
                    "(model\\.layers\\.\\d{1,4}\\.[a-z_]+\\.experts\\.\\d{1,5}\\.[a-z0-9_]+)\\.(lora_.+)");

    Pattern STACK =
            Pattern.compile(
                    "model\\.layers\\.(\\d{1,4})\\.mlp\\.experts\\.(base_layer\\.)?(lora_.+)");

    Pattern SAVED = Pattern.compile("(?:modules_to_save\\.(?:[A-Za-z0-9_-]+\\.)?)?weight");

    Pattern ROWS =
            Pattern.compile("token_adapter\\.trainable_tokens_delta(?:\\.([A-Za-z0-9_-]+))?");

    Pattern EMBEDDED = Pattern.compile("lora_embedding_([AB])(?:\\.([A-Za-z0-9_-]+))?");

    /** No tensor that is served has a longer name; expressions take their time with long ones. */
    int LONGEST = 500;

    static TensorName parse(String name) {
        if (name.length() > LONGEST) {
            return new Foreign(
                    LoraFault.UNKNOWN_TENSOR, "has a name of more than " + LONGEST + " characters");
        }
        String path = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        Matcher around = AROUND.matcher(path);
        if (around.matches()) {
            TensorName found = around(around.group(1), around.group(2));
            return found == null ? foreign(path) : found;
        }
        Optional<TensorName> expert = expert(path);
        if (expert.isPresent()) {
            return expert.get();
        }
        Matcher matcher = MODULE.matcher(path);
        if (!matcher.matches()) {
            return foreign(path);
        }
        String rest = matcher.group(3);
        Matcher matrix = MATRIX.matcher(rest);
        Matcher magnitude = MAGNITUDE.matcher(rest);
        if (!matrix.matches() && !magnitude.matches()) {
            return foreign(path);
        }
        String text = matcher.group(2);
        Optional<LinearModule> module = LinearModule.named(text).filter(m -> m.path().equals(text));
        if (module.isEmpty()) {
            return new Foreign(LoraFault.UNKNOWN_MODULE, "is for a module that is not served");
        }
        return lora(
                new ModulePath(Integer.parseInt(matcher.group(1)), module.get()),
                matrix,
                magnitude);
    }

    private static Optional<TensorName> expert(String path) {
        Matcher expert = EXPERT.matcher(path);
        Matcher stack = STACK.matcher(path);
        boolean isExpert = expert.matches();
        if (!isExpert && !stack.matches()) {
            return Optional.empty();
        }
        String rest = isExpert ? expert.group(2) : stack.group(3);
        Matcher matrix = MATRIX.matcher(rest);
        Matcher magnitude = MAGNITUDE.matcher(rest);
        boolean known = matrix.matches() || magnitude.matches();
        if (!known) {
            return Optional.empty();
        }
        Optional<? extends TensorPlace> place =
                isExpert
                        ? ExpertPath.parse(expert.group(1))
                        : Optional.of(
                                new StackPath(
                                        Integer.parseInt(stack.group(1)), stack.group(2) != null));
        return place.map(it -> lora(it, matrix, magnitude));
    }

    private static TensorName lora(TensorPlace place, Matcher matrix, Matcher magnitude) {
        if (magnitude.matches()) {
            return new Half(place, Side.MAGNITUDE, magnitude.group(1));
        }
        return matrix.group(4) == null
                ? new Half(place, Side.valueOf(matrix.group(1)), matrix.group(2))
                : new Half(place, Side.BIAS, matrix.group(5));
    }

    /** The meaning of a tensor around the linear layers; null if its place has no such tensor. */
    private static @Nullable TensorName around(String place, String rest) {
        boolean isNorm = place.endsWith("norm");
        Matcher saved = SAVED.matcher(rest);
        if (saved.matches()) {
            return new Half(isNorm ? new NormPath(place) : Edge.of(place), Side.WEIGHT, null);
        }
        if (isNorm) {
            return null;
        }
        Edge edge = Edge.of(place);
        if (rest.equals(ORIGINAL)) {
            return new Unused();
        }
        if (rest.equals(Side.BASE.suffix) || rest.equals(BASE_OF_ROWS)) {
            return new Half(edge, Side.BASE, null);
        }
        Matcher rows = ROWS.matcher(rest);
        if (rows.matches()) {
            return new Half(edge, Side.TOKENS, rows.group(1));
        }
        Matcher embedded = EMBEDDED.matcher(rest);
        if (edge == Edge.EMBEDDING && embedded.matches()) {
            return new Half(edge, Side.valueOf(embedded.group(1)), embedded.group(2));
        }
        Matcher matrix = MATRIX.matcher(rest);
        Matcher magnitude = MAGNITUDE.matcher(rest);
        boolean isMatrix = edge == Edge.HEAD && matrix.matches();
        return isMatrix || magnitude.matches() ? lora(edge, matrix, magnitude) : null;
    }

    private static Foreign foreign(String path) {
        if (path.contains(".experts.")) {
            return new Foreign(
                    LoraFault.UNSUPPORTED_SETTING,
                    "is not a tensor that an adapter of experts has");
        }
        if (path.contains("lora_embedding_")
                || path.startsWith("lm_head")
                || path.startsWith("model.embed_tokens")) {
            return new Foreign(
                    LoraFault.EMBEDDING_ADAPTER,
                    "is not a tensor that an adapter of the embedding or of lm_head has");
        }
        if (path.contains("modules_to_save") || path.matches("[a-z0-9_.]+\\.weight")) {
            return new Foreign(
                    LoraFault.UNSUPPORTED_SETTING,
                    "replaces a whole module; of these norms, embed_tokens and lm_head are served");
        }
        return new Foreign(LoraFault.UNKNOWN_TENSOR, "is not a tensor of a LoRA adapter");
    }
}
