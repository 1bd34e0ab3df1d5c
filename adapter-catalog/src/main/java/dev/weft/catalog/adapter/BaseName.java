package dev.weft.catalog.adapter;

import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.Fault;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The name that clients know the base by. Requests for it get the base, in every tenant, so that
 * nothing else may be called that: not by its own name, nor as others write it, with its tenant
 * before it.
 *
 * @param name empty where no base is served
 */
public record BaseName(String name) {
    /** Throws where an adapter or an alias may not be called that. */
    public void check(AdapterId id) {
        if (isOf(id)) {
            throw new BadRequestException(
                    List.of(
                            new Fault(
                                    "name",
                                    id.name(),
                                    "names other than the base's, '"
                                            + name
                                            + "', also with the tenant before it")));
        }
    }

    /** What its owner should do about one that was called that before; null for any other. */
    @Nullable String hint(AdapterId id) {
        return isOf(id)
                ? "requests for '" + name + "' get the base: register it under another name"
                : null;
    }

    private boolean isOf(AdapterId id) {
        return name.equals(id.name()) || name.equals(id.tenant() + '/' + id.name());
    }
}
