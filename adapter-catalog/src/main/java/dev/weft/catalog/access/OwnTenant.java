package dev.weft.catalog.access;

import dev.weft.access.holder.Holder;
import dev.weft.access.refusal.Refusal;
import dev.weft.catalog.audit.Requester;
import dev.weft.protocol.adapter.AdapterId;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.server.ServerWebExchange;

/** The rule that a tenant's holder can't ask for another tenant's adapters. */
final class OwnTenant {
    private OwnTenant() {}

    /** The reason to refuse a request, if any. */
    static Optional<Refusal> objection(Holder holder, ServerWebExchange exchange) {
        List<String> asked =
                exchange.getRequest().getQueryParams().getOrDefault(Requester.TENANT, List.of());
        String own = holder.tenant();
        for (@Nullable String tenant : asked) {
            if (tenant == null || !AdapterId.isName(tenant)) {
                return refuse("tenant '" + tenant + "' is not allowed");
            }
            if (own != null && !own.equals(tenant)) {
                return refuse("'" + holder.name() + "' is of tenant '" + own + "'");
            }
        }
        return asked.size() > 1 ? refuse("tenant is given twice") : Optional.empty();
    }

    private static Optional<Refusal> refuse(String why) {
        return Optional.of(Refusal.notAllowed(why));
    }
}
