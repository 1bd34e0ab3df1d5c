package dev.weft.catalog.usage;

import dev.weft.catalog.web.LargeBody;
import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Takes gateways' batches. They are for Weft's own services, so they aren't in the API's
 * description.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class BatchController {
    private final UsageBooks books;
    private final LargeBody<UsageBatch> batch =
            new LargeBody<>("a batch", UsageCodec.MOST_BYTES, UsageCodec::decode);

    BatchController(UsageBooks books) {
        this.books = books;
    }

    @PostMapping(UsageBatch.PATH)
    Mono<ResponseEntity<Void>> take(ServerWebExchange exchange) {
        return batch.of(exchange)
                .map(read -> {
                    books.book(read);
                    return ResponseEntity.noContent().build();
                });
    }
}
