package dev.weft.catalog.worker;

import dev.weft.catalog.web.LargeBody;
import dev.weft.protocol.residency.ReportedWorkers;
import dev.weft.protocol.residency.ResidencyCodec;
import dev.weft.protocol.residency.ResidencyReport;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ServerWebExchange;
import reactor.core.publisher.Mono;

/**
 * Workers' reports, and the list of workers that send them, over HTTP. Both are for Weft's own
 * services, so they aren't in the API's description. The size limit of reports is far above that of
 * other bodies, since a worker may hold thousands of adapters.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class ReportController {
    private final Workers workers;
    private final LargeBody<ResidencyReport> report =
            new LargeBody<>("a report", ResidencyCodec.MOST_BYTES, ResidencyCodec::report);

    ReportController(Workers workers) {
        this.workers = workers;
    }

    @PostMapping("/residency/v1/reports")
    Mono<ResponseEntity<byte[]>> report(ServerWebExchange exchange) {
        return report.of(exchange)
                .map(read ->
                        ResponseEntity.ok()
                                .contentType(MediaType.APPLICATION_JSON)
                                .body(ResidencyCodec.encode(workers.report(read))));
    }

    /** The workers that have reported, for gateways that find them here. */
    @GetMapping(ReportedWorkers.PATH)
    ResponseEntity<byte[]> workers() {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(workers.reported().encode());
    }
}
