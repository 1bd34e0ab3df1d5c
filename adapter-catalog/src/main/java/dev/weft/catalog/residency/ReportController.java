package dev.weft.catalog.residency;

import dev.weft.catalog.registry.Workers;
import dev.weft.model.residency.ResidencyCodec;
import dev.weft.model.residency.ResidencyReport;
import io.swagger.v3.oas.annotations.Hidden;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/** Reports over HTTP; between our own services, so it is not in the API's description. */
@Hidden
@RestController
final class ReportController {
    private final Workers workers;

    ReportController(Workers workers) {
        this.workers = workers;
    }

    @PostMapping("/residency/v1/reports")
    ResponseEntity<byte[]> report(@RequestBody(required = false) byte @Nullable [] body) {
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(ResidencyCodec.encode(workers.report(read(body))));
    }

    private static ResidencyReport read(byte @Nullable [] body) {
        try {
            return ResidencyCodec.report(body == null ? new byte[0] : body);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
    }
}
