package dev.weft.inference.server.http.body;

import dev.weft.inference.server.models.ModelDirectory;
import dev.weft.protocol.adapter.AdapterId;
import dev.weft.protocol.error.ApiException;
import dev.weft.protocol.error.ErrorCode;
import org.jspecify.annotations.Nullable;
import org.springframework.web.reactive.function.server.ServerRequest;

/**
 * What a gateway says of a request that it passes on.
 *
 * @param tenant the tenant that sent it; {@link AdapterId#DEFAULT_TENANT} if no gateway says so
 * @param adapter digest that the gateway chose, as written; null if there is none
 */
public record Sender(String tenant, @Nullable String adapter) {
    /** Header in which a gateway names the tenant whose request it is. */
    static final String TENANT_HEADER = "weft-tenant";

    /**
     * Reads the sender from a request's head.
     *
     * @throws ApiException if its tenant can't be one
     */
    public static Sender of(ServerRequest.Headers headers) {
        String tenant = headers.firstHeader(TENANT_HEADER);
        if (tenant != null && !AdapterId.isName(tenant)) {
            throw new ApiException(
                    ErrorCode.INVALID_VALUE,
                    "header " + TENANT_HEADER + ": allowed are " + AdapterId.NAME_RULE,
                    TENANT_HEADER);
        }
        return new Sender(
                tenant == null ? AdapterId.DEFAULT_TENANT : tenant,
                headers.firstHeader(ModelDirectory.ADAPTER_HEADER));
    }
}
