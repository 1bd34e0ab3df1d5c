package dev.weft.catalog.alias;

import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.Fault;
import dev.weft.catalog.version.AliasTarget;
import java.util.List;

/** An alias can't point there. */
public final class AliasTargetException extends BadRequestException {
    /**
     * @param place index in the list of targets, from 0
     * @param allowed the allowed values
     */
    AliasTargetException(int place, AliasTarget target, String allowed) {
        super(
                List.of(
                        new Fault(
                                "targets[" + place + "]",
                                target.adapter() + "@" + target.version(),
                                allowed)));
    }
}
