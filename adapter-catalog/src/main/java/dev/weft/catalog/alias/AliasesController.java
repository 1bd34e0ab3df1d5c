package dev.weft.catalog.alias;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.base.Bases;
import dev.weft.catalog.web.Parameters;
import dev.weft.protocol.adapter.AdapterId;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** Aliases over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class AliasesController implements AliasesApi {
    private final Aliases aliases;
    private final Bases bases;

    AliasesController(Aliases aliases, Bases bases) {
        this.aliases = aliases;
        this.bases = bases;
    }

    @Override
    public AliasPageBody list(@Nullable String size, @Nullable String after, Requester requester) {
        int limit = Parameters.size(size);
        String behind = Parameters.text("after", after);
        return AliasPageBody.of(
                aliases.list(requester.tenant(), behind == null ? "" : behind, limit + 1),
                limit,
                requester);
    }

    @Override
    public ResponseEntity<AliasBody> get(String name, Requester requester) {
        return answer(aliases.find(requester.named(name, "alias")));
    }

    @Override
    public ResponseEntity<AliasBody> getWithSlashes(String name, Requester requester) {
        return get(name, requester);
    }

    @Override
    public ResponseEntity<AliasBody> set(
            String name,
            byte @Nullable [] body,
            @Nullable String ifMatch,
            @Nullable String ifNoneMatch,
            Requester requester) {
        AdapterId id = requester.named(name, "alias");
        bases.names().check(id);
        return answer(
                aliases.set(
                        requester.actor(),
                        id,
                        Preconditions.expected(ifMatch, ifNoneMatch),
                        AliasChangeBody.read(body)));
    }

    @Override
    public ResponseEntity<AliasBody> setWithSlashes(
            String name,
            byte @Nullable [] body,
            @Nullable String ifMatch,
            @Nullable String ifNoneMatch,
            Requester requester) {
        return set(name, body, ifMatch, ifNoneMatch, requester);
    }

    @Override
    public ResponseEntity<AliasBody> rollBack(
            String name, @Nullable String to, @Nullable String ifMatch, Requester requester) {
        return answer(
                aliases.rollBack(
                        requester.actor(),
                        requester.named(name, "alias"),
                        Preconditions.expected(ifMatch, null),
                        Parameters.number("to", to)));
    }

    @Override
    public ResponseEntity<AliasBody> act(
            String rest, @Nullable String to, @Nullable String ifMatch, Requester requester) {
        Parameters.Action action = Parameters.action(rest);
        if (!action.verb().equals("rollback")) {
            throw Parameters.nothingAt("post", rest);
        }
        return rollBack(action.name(), to, ifMatch, requester);
    }

    @Override
    public ResponseEntity<Void> delete(String name, @Nullable String ifMatch, Requester requester) {
        aliases.delete(
                requester.actor(),
                requester.named(name, "alias"),
                Preconditions.expected(ifMatch, null));
        return ResponseEntity.noContent().build();
    }

    @Override
    public ResponseEntity<Void> deleteWithSlashes(
            String name, @Nullable String ifMatch, Requester requester) {
        return delete(name, ifMatch, requester);
    }

    private static ResponseEntity<AliasBody> answer(Alias alias) {
        return ResponseEntity.ok().eTag("\"" + alias.revision() + "\"").body(AliasBody.of(alias));
    }
}
