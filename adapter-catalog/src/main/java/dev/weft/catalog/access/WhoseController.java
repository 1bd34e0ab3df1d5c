package dev.weft.catalog.access;

import dev.weft.access.holder.HolderAuthentication;
import dev.weft.access.token.TokenQuestion;
import io.swagger.v3.oas.annotations.Hidden;
import jakarta.annotation.security.RolesAllowed;
import org.springframework.security.authentication.ReactiveAuthenticationManager;
import org.springframework.security.oauth2.server.resource.InvalidBearerTokenException;
import org.springframework.security.oauth2.server.resource.authentication.BearerTokenAuthenticationToken;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestBody;
import org.springframework.web.bind.annotation.RestController;
import reactor.core.publisher.Mono;

/**
 * Tells services the holder of a token. It is for Weft's own services, so it isn't in the API's
 * description.
 */
@Hidden
@RestController
@RolesAllowed({"service", "admin"})
final class WhoseController {
    private final ReactiveAuthenticationManager tokens;

    WhoseController(ReactiveAuthenticationManager tokens) {
        this.tokens = tokens;
    }

    @PostMapping(TokenQuestion.PATH)
    Mono<TokenQuestion.Answer> whose(@RequestBody TokenQuestion.Body question) {
        String token = question.token();
        return token == null || token.isEmpty()
                ? Mono.just(TokenQuestion.Answer.UNKNOWN)
                : tokens.authenticate(new BearerTokenAuthenticationToken(token))
                        .map(known ->
                                TokenQuestion.Answer.of(((HolderAuthentication) known).holder()))
                        .onErrorReturn(
                                InvalidBearerTokenException.class, TokenQuestion.Answer.UNKNOWN);
    }
}
