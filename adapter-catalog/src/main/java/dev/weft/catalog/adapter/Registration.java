package dev.weft.catalog.adapter;

import dev.weft.catalog.base.BaseNames;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.protocol.repository.RepositoryRef;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A registration, read and checked.
 *
 * @param base name of its base; null if the catalog is to find it
 */
record Registration(String name, RepositoryRef repository, @Nullable String base) {
    /**
     * The id of the base; null if the catalog is to find it.
     *
     * @throws BadRequestException if there is no base of that name
     */
    @Nullable Long baseOf(BaseNames known) {
        if (base == null) {
            return null;
        }
        return known.byId().entrySet().stream()
                .filter(each -> each.getValue().equals(base))
                .findFirst()
                .map(Map.Entry::getKey)
                .orElseThrow(() ->
                        BadRequestException.of("base", base, "one of " + known.byId().values()));
    }
}
