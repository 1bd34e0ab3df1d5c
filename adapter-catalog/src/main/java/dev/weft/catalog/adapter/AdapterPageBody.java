package dev.weft.catalog.adapter;

import dev.weft.catalog.audit.Requester;
import io.swagger.v3.oas.annotations.media.Schema;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A page of adapters. */
@Schema(
        name = "AdapterPage",
        description = "Adapters in order of their names",
        requiredProperties = {"items", "next"})
record AdapterPageBody(
        @Schema(description = "The adapters of this page") List<AdapterBody> items,
        @Schema(
                        types = {"string", "null"},
                        description = "Address of the next page; null after the last one",
                        example = "/admin/v1/adapters?size=50&after=sql")
                @Nullable String next) {
    static AdapterPageBody of(
            AdapterPage page, int size, Function<Adapter, AdapterBody> body, Requester requester) {
        return new AdapterPageBody(
                page.items().stream().map(body).toList(),
                page.more()
                        ? requester.address(
                                "/admin/v1/adapters?size="
                                        + size
                                        + "&after="
                                        + URLEncoder.encode(
                                                page.items().getLast().id().name(),
                                                StandardCharsets.UTF_8))
                        : null);
    }
}
