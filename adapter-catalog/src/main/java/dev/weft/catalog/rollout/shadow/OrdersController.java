package dev.weft.catalog.rollout.shadow;

import dev.weft.protocol.shadow.ShadowCodec;
import dev.weft.protocol.shadow.ShadowDemand;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.server.ResponseStatusException;

/**
 * Gives gateways their orders. Orders are for Weft's own services, so they aren't in the API's
 * description. The handler runs on a virtual thread and may block.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class OrdersController {
    private final ShadowBooks books;

    OrdersController(ShadowBooks books) {
        this.books = books;
    }

    @PostMapping(ShadowDemand.PATH)
    ResponseEntity<byte[]> orders(@RequestBody byte[] body) {
        ShadowDemand demand;
        try {
            demand = ShadowCodec.demand(body);
        } catch (IllegalArgumentException e) {
            throw new ResponseStatusException(HttpStatus.BAD_REQUEST, e.getMessage(), e);
        }
        return ResponseEntity.ok()
                .contentType(MediaType.APPLICATION_JSON)
                .body(ShadowCodec.encode(books.orders(demand)));
    }
}
