package dev.weft.catalog.token;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** Tokens over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class TokensController implements TokensApi {
    private final Tokens tokens;

    TokensController(Tokens tokens) {
        this.tokens = tokens;
    }

    @Override
    public ResponseEntity<TokenBody> create(byte @Nullable [] body, Requester requester) {
        TokenRequestBody.Request asked = TokenRequestBody.read(body);
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(
                        TokenBody.of(
                                tokens.create(
                                        requester.actor(),
                                        asked.name(),
                                        asked.role(),
                                        asked.tenant(),
                                        asked.limits(),
                                        asked.lifetime())));
    }

    @Override
    public TokenBody change(String id, byte @Nullable [] body, Requester requester) {
        return TokenBody.of(
                tokens.change(
                        requester.actor(), Parameters.id("token", id), TokenChangeBody.read(body)),
                null);
    }

    @Override
    public ResponseEntity<TokenBody> rotate(
            String id, byte @Nullable [] body, Requester requester) {
        return ResponseEntity.status(HttpStatus.CREATED)
                .body(
                        TokenBody.of(
                                tokens.rotate(
                                        requester.actor(),
                                        Parameters.id("token", id),
                                        RotationBody.read(body))));
    }

    @Override
    public List<TokenBody> list() {
        return tokens.list().stream().map(token -> TokenBody.of(token, null)).toList();
    }

    @Override
    public ResponseEntity<Void> revoke(String id, Requester requester) {
        tokens.revoke(requester.actor(), Parameters.id("token", id));
        return ResponseEntity.noContent().build();
    }
}
