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
    /** Half of a pair: {@code A} is {@code [rank][in]}, {@code B} is {@code [out][rank]}. */
    public enum Side {
        A,
        B
    }

    /** One matrix of one module; the adapter's name is null if the tensor's name holds none. */
    public record Half(ModulePath module, Side side, @Nullable String adapter)
            implements TensorName {
        /** PEFT's own spelling. */
        String canonical() {
            return canonical(module, side);
        }

        public static String canonical(ModulePath module, Side side) {
            return PREFIX + module.text() + ".lora_" + side + ".weight";
        }
    }

    /** A tensor that is not served, and why. */
    record Foreign(LoraFault fault, String why) implements TensorName {}

    String PREFIX = "base_model.model.";

    /** A path of a layer has at most 4 digits: no decoder has more layers. */
    Pattern HALF =
            Pattern.compile(
                    "model\\.layers\\.(\\d{1,4})\\.([a-z_]+\\.[a-z_]+)\\.lora_([AB])(?:\\.([A-Za-z0-9_-]+))?\\.weight");

    static TensorName parse(String name) {
        String path = name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
        Matcher matcher = HALF.matcher(path);
        if (!matcher.matches()) {
            return foreign(path);
        }
        String text = matcher.group(2);
        Optional<LinearModule> module = LinearModule.named(text).filter(m -> m.path().equals(text));
        if (module.isEmpty()) {
            return new Foreign(LoraFault.UNKNOWN_MODULE, "is for a module that is not served");
        }
        int layer = Integer.parseInt(matcher.group(1));
        return new Half(
                new ModulePath(layer, module.get()),
                Side.valueOf(matcher.group(3)),
                matcher.group(4));
    }

    private static Foreign foreign(String path) {
        if (path.contains(".experts.")) {
            return new Foreign(
                    LoraFault.UNSUPPORTED_SETTING, "changes experts, which is not served");
        }
        if (path.contains("lora_magnitude_vector")) {
            return new Foreign(LoraFault.UNSUPPORTED_SETTING, "is of DoRA, which is not served");
        }
        if (path.contains("lora_embedding_")
                || path.startsWith("lm_head")
                || path.startsWith("model.embed_tokens")) {
            return new Foreign(
                    LoraFault.EMBEDDING_ADAPTER,
                    "changes the embedding or lm_head, which is not served");
        }
        if (path.matches(".*\\.lora_B(\\.[^.]+)?\\.bias")) {
            return new Foreign(
                    LoraFault.UNSUPPORTED_SETTING, "is a LoRA bias, which is not served");
        }
        if (path.contains("modules_to_save")) {
            return new Foreign(
                    LoraFault.UNSUPPORTED_SETTING, "is of modules_to_save, which is not served");
        }
        return new Foreign(LoraFault.UNKNOWN_TENSOR, "is no tensor of a LoRA adapter");
    }
}
