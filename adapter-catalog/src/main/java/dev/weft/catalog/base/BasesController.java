package dev.weft.catalog.base;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.fault.NotFoundException;
import dev.weft.catalog.fetch.FileRoots;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** Bases over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class BasesController implements BasesApi {
    private final Bases bases;
    private final FileRoots roots;

    BasesController(Bases bases, FileRoots roots) {
        this.bases = bases;
        this.roots = roots;
    }

    @Override
    public List<BaseBody> list() {
        return bases.all().stream().map(BaseBody::of).toList();
    }

    @Override
    public BaseBody get(String name) {
        return BaseBody.of(
                bases.find(name)
                        .orElseThrow(
                                () -> new NotFoundException("there is no base '" + name + "'")));
    }

    @Override
    public BaseBody getWithSlashes(String name) {
        return get(plain(name));
    }

    @Override
    public ResponseEntity<BaseBody> add(byte @Nullable [] body, Requester requester) {
        Base added = bases.add(requester.actor(), BaseRequestBody.read(body, roots));
        return ResponseEntity.status(HttpStatus.CREATED).body(BaseBody.of(added));
    }

    @Override
    public ResponseEntity<Void> remove(String name, Requester requester) {
        bases.remove(requester.actor(), name);
        return ResponseEntity.noContent().build();
    }

    @Override
    public ResponseEntity<Void> removeWithSlashes(String name, Requester requester) {
        return remove(plain(name), requester);
    }

    /** The rest of a path begins with a slash. */
    private static String plain(String rest) {
        return rest.substring(1);
    }
}
