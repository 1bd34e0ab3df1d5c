package dev.weft.catalog.adapter;

import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.Fault;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The clients' name for the base. Requests for it get the base, in every tenant, so nothing else
 * may have this name: neither by its own name, nor in the form that other tenants use, with its
 * tenant before it.
 *
 * @param name empty if no base is served
 */
public record BaseName(String name) {
    /** Throws if an adapter or an alias may not have that name. */
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

    /** What an owner should do about an older adapter of that name; null for any other. */
    @Nullable String hint(AdapterId id) {
        return isOf(id)
                ? "requests for '" + name + "' get the base: register it under another name"
                : null;
    }

    private boolean isOf(AdapterId id) {
        return name.equals(id.name()) || name.equals(id.tenant() + '/' + id.name());
    }
}
