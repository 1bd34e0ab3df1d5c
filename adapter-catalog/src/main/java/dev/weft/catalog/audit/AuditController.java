package dev.weft.catalog.audit;

import dev.weft.catalog.web.Parameters;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.RestController;

/** The audit log over HTTP. */
@RestController
final class AuditController implements AuditApi {
    private final AuditLog log;

    AuditController(AuditLog log) {
        this.log = log;
    }

    @Override
    public AuditPageBody list(@Nullable String size, @Nullable String before, Requester requester) {
        int limit = Parameters.size(size);
        Long from = Parameters.number("before", before);
        return AuditPageBody.of(
                log.page(requester.tenant(), from == null ? Long.MAX_VALUE : from, limit + 1),
                limit,
                requester);
    }
}
