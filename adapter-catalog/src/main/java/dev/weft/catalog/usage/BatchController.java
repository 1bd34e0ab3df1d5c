package dev.weft.catalog.usage;

import dev.weft.protocol.usage.UsageBatch;
import dev.weft.protocol.usage.UsageCodec;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Takes gateways' batches. They are for Weft's own services, so they aren't in the API's
 * description.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class BatchController {
    private final UsageBooks books;
    private final Scheduler blocking =
            Schedulers.fromExecutor(new VirtualThreadTaskExecutor("usage-"));

    BatchController(UsageBooks books) {
        this.books = books;
    }

    @PostMapping(UsageBatch.PATH)
    Mono<ResponseEntity<Void>> take(ServerWebExchange exchange) {
        return DataBufferUtils.join(exchange.getRequest().getBody(), UsageCodec.MOST_BYTES)
                .map(BatchController::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, BatchController::tooLarge)
                .publishOn(blocking)
                .map(body -> {
                    books.book(read(body));
                    return ResponseEntity.noContent().build();
                });
    }

    private static byte[] bytes(DataBuffer buffer) {
        byte[] bytes = new byte[buffer.readableByteCount()];
        buffer.read(bytes);
        DataBufferUtils.release(buffer);
        return bytes;
    }

    private static ResponseStatusException tooLarge(Throwable cause) {
        return new ResponseStatusException(
                HttpStatus.CONTENT_TOO_LARGE,
                "a batch has at most " + UsageCodec.MOST_BYTES + " bytes",
                cause);
    }

    private static UsageBatch read(byte[] body) {
        try {
            return UsageCodec.decode(body);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
    }
}
