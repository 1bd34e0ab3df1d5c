package dev.weft.catalog.worker;

import dev.weft.protocol.residency.ReportedWorkers;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyReport;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.core.io.buffer.DataBuffer;
import org.springframework.core.io.buffer.DataBufferLimitException;
import org.springframework.core.io.buffer.DataBufferUtils;
import org.springframework.core.task.VirtualThreadTaskExecutor;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;
import reactor.core.scheduler.Scheduler;
import reactor.core.scheduler.Schedulers;

/**
 * Reports, and who sends them, over HTTP. They are for Weft's own services, so they aren't in the
 * API's description. Their size limit is far above that of other bodies, since a worker may hold
 * thousands of adapters.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class ReportController {
    private final Workers workers;
    private final Scheduler blocking =
            Schedulers.fromExecutor(new VirtualThreadTaskExecutor("residency-"));

    ReportController(Workers workers) {
        this.workers = workers;
    }

    @PostMapping("/residency/v1/reports")
    Mono<ResponseEntity<byte[]>> report(ServerWebExchange exchange) {
        return DataBufferUtils.join(exchange.getRequest().getBody(), ResidencyCodec.MOST_BYTES)
                .map(ReportController::bytes)
                .defaultIfEmpty(new byte[0])
                .onErrorMap(DataBufferLimitException.class, ReportController::tooLarge)
                .publishOn(blocking)
                .map(body ->
                        ResponseEntity.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(ResidencyCodec.encode(workers.report(read(body)))));
    }

    /** The workers that have reported, for gateways that find them here. */
    @GetMapping(ReportedWorkers.PATH)
    ResponseEntity<byte[]> workers() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(workers.reported().encode());
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
                "a report has at most " + ResidencyCodec.MOST_BYTES + " bytes",
                cause);
    }

    private static ResidencyReport read(byte[] body) {
        try {
            return ResidencyCodec.report(body);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
    }
}
