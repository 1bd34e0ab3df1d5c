package dev.weft.catalog.rollout.compare;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.web.Parameters;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A page of a tenant's rollouts or shadows, the newest first.
 *
 * @param alias only of this alias; null for all
 * @param before the page has ids below it
 * @param size items at most
 */
public record ListPage(String tenant, @Nullable String alias, long before, int size) {
    /**
     * The page that parameters of a query ask for.
     *
     * @throws BadRequestException if a parameter has no valid value
     */
    public static ListPage asked(
            String tenant, @Nullable String alias, @Nullable String size, @Nullable String before) {
        Long id = Parameters.number("before", before);
        return new ListPage(
                tenant,
                Parameters.text("alias", alias),
                id == null ? Long.MAX_VALUE : id,
                Parameters.size(size));
    }

    /** The page's items, of the rows that were read for it. */
    public <T> List<T> items(List<T> found) {
        return found.stream().limit(size).toList();
    }

    /**
     * The address of the page after this one; null if nothing comes after it.
     *
     * @param path of the list
     * @param found with one item more than the page has, if there is one
     * @param last id of the page's last item; ignored if nothing comes after it
     */
    public @Nullable String next(String path, List<?> found, long last, Requester requester) {
        String only =
                alias == null ? "" : "&alias=" + URLEncoder.encode(alias, StandardCharsets.UTF_8);
        return found.size() > size
                ? requester.address(path + "?size=" + size + only + "&before=" + last)
                : null;
    }
}
