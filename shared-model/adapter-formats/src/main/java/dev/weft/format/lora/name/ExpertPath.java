package dev.weft.format.lora.name;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * One linear layer of one expert, as {@code model.layers.0.mlp.experts.3.gate_proj}.
 *
 * @param prefix the part of the name between the layer and the expert's number
 * @param name of the layer within the expert
 */
public record ExpertPath(int layer, String prefix, int expert, String name) implements TensorPlace {
    private static final Pattern PATH =
            Pattern.compile(
                    "model\\.layers\\.(\\d{1,4})\\.([a-z_]+\\.experts\\.)(\\d{1,5})\\.([a-z0-9_]+)");

    static Optional<ExpertPath> parse(String text) {
        Matcher matcher = PATH.matcher(text);
        return matcher.matches()
                ? Optional.of(
                        new ExpertPath(
                                Integer.parseInt(matcher.group(1)),
                                matcher.group(2),
                                Integer.parseInt(matcher.group(3)),
                                matcher.group(4)))
                : Optional.empty();
    }

    @Override
    public String text() {
        return ModulePath.LAYERS + layer + "." + prefix + expert + "." + name;
    }
}
