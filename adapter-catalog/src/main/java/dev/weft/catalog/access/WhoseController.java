package dev.weft.catalog.access;

import dev.weft.catalog.registry.Role;
import io.swagger.v3.oas.annotations.Hidden;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;

/** Tells gateways whose a token is; between our own services, so it is not in the description. */
@Hidden
@RestController
final class WhoseController {
    private final Callers callers;

    WhoseController(Callers callers) {
        this.callers = callers;
    }

    /** What is asked. */
    record Question(@Nullable String token) {}

    /**
     * What is answered.
     *
     * @param known the token is valid, and its holder may send requests to gateways; those of
     *     services have other things to do
     * @param tenant whose adapters it is for; null for the default one's
     */
    record Answer(boolean known, @Nullable String tenant) {}

    @PostMapping("/access/v1/whose")
    Answer whose(@RequestBody Question question) {
        Optional<Principal> holder =
                Optional.ofNullable(question.token())
                        .flatMap(callers::holder)
                        .filter(principal -> principal.role() != Role.service);
        return new Answer(holder.isPresent(), holder.map(Principal::tenant).orElse(null));
    }
}
