package dev.weft.catalog.rollout;

import dev.weft.protocol.rollout.MeasureCodec;
import dev.weft.protocol.rollout.MeasureReport;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Takes what gateways measure. Reports are for Weft's own services, so they aren't in the API's
 * description. The handler runs on a virtual thread and may block.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class MeasuresController {
    private final RolloutBooks books;

    MeasuresController(RolloutBooks books) {
        this.books = books;
    }

    @PostMapping(MeasureReport.PATH)
    ResponseEntity<Void> take(@RequestBody byte[] body) {
        try {
            books.book(MeasureCodec.decode(body));
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
        return ResponseEntity.noContent().build();
    }
}
