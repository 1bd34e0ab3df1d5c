package dev.weft.deployment;

import dev.weft.protocol.adapter.LinearModule;
import java.util.Arrays;
import java.util.stream.Collectors;

/** A module that an adapter may change, in either world's name. */
record ModuleType() implements KeyType.OfText<LinearModule> {
    @Override
    public LinearModule parse(String text) throws InvalidValueException {
        return LinearModule.named(text).orElseThrow(() -> refused(text));
    }

    @Override
    public String allowed() {
        return Arrays.stream(LinearModule.values())
                        .map(LinearModule::tensorRtName)
                        .collect(Collectors.joining(", "))
                + " (or q_proj, ...)";
    }

    @Override
    public Object plain(LinearModule value) {
        return value.tensorRtName();
    }
}
