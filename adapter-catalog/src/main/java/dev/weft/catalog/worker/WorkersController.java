package dev.weft.catalog.worker;

import dev.weft.catalog.adapter.Adapter;
import dev.weft.catalog.adapter.Registry;
import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Parameters;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpStatus;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.RestController;

/** Workers over HTTP. Handlers run on virtual threads and may block. */
@RestController
final class WorkersController implements WorkersApi {
    private static final int MOST_ORDERS = 500;

    private final Workers workers;
    private final Registry registry;

    WorkersController(Workers workers, Registry registry) {
        this.workers = workers;
        this.registry = registry;
    }

    @Override
    public List<WorkerBody> workers(Requester requester) {
        return workers.list().stream().map(worker -> WorkerBody.of(worker, requester)).toList();
    }

    @Override
    public List<ResidencyBody> residency(String adapter, Requester requester) {
        Adapter found = registry.find(requester.named(adapter, "adapter"));
        List<KnownWorker> alive = workers.list().stream().filter(KnownWorker::alive).toList();
        return found.versions().stream()
                .flatMap(version -> ResidencyBody.of(version, alive))
                .toList();
    }

    @Override
    public ResponseEntity<List<OrderBody>> order(byte @Nullable [] body, Requester requester) {
        OrderRequestBody.Request asked = OrderRequestBody.read(body);
        List<WorkerOrder> orders =
                workers.order(
                        requester.actor(),
                        asked.kind(),
                        requester.id(asked.adapter()),
                        asked.version(),
                        asked.workers());
        return ResponseEntity.status(HttpStatus.ACCEPTED)
                .body(orders.stream().map(OrderBody::of).toList());
    }

    @Override
    public List<OrderBody> orders(Requester requester) {
        return workers.orders(requester.tenant(), MOST_ORDERS).stream().map(OrderBody::of).toList();
    }

    @Override
    public ResponseEntity<Void> takeBack(String id, Requester requester) {
        workers.takeBack(requester.actor(), requester.tenant(), Parameters.id("order", id));
        return ResponseEntity.noContent().build();
    }
}
