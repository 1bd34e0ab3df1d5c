package dev.weft.catalog.alias;

import dev.weft.catalog.audit.Requester;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A page of aliases. */
@Schema(
        name = "AliasPage",
        description = "Aliases in order of their names",
        requiredProperties = {"items", "next"})
record AliasPageBody(
        @Schema(description = "The aliases of this page") List<AliasBody> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one")
                @Nullable String next) {
    /**
     * @param found up to one more than {@code size}
     */
    static AliasPageBody of(List<Alias> found, int size, Requester requester) {
        List<AliasBody> items = found.stream().limit(size).map(AliasBody::of).toList();
        return new AliasPageBody(
                items,
                found.size() > size
                        ? requester.address(
                                "/admin/v1/aliases?size="
                                        + size
                                        + "&after="
                                        + URLEncoder.encode(
                                                items.getLast().name(), StandardCharsets.UTF_8))
                        : null);
    }
}
