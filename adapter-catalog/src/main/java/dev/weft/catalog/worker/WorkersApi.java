package dev.weft.catalog.worker;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.Answers404;
import dev.weft.catalog.web.Answers409;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForReaders;
import dev.weft.catalog.web.ItemId;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.ExampleObject;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.parameters.RequestBody;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import jakarta.annotation.security.RolesAllowed;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.DeleteMapping;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.PathVariable;
import org.springframework.web.bind.annotation.PostMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** Workers, what they hold, and what they should hold. */
@RequestMapping("/admin/v1")
@Tag(name = "Workers", description = "Which worker holds which version, and which one it should")
interface WorkersApi {
    @ForReaders
    @GetMapping("/workers")
    @Operation(
            operationId = "listWorkers",
            summary = "Workers that have reported",
            description =
                    "What they hold is told to those who may ask for all tenants; `/residency`"
                            + " tells where a tenant's own adapters are.")
    @ApiResponse(responseCode = "200", description = "In order of their ids")
    List<WorkerBody> workers(@CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/residency")
    @Operation(
            operationId = "listResidency",
            summary = "Where the versions of an adapter are held",
            description = "By workers that have reported within the last 15 seconds")
    @ApiResponse(responseCode = "200", description = "One item for each version and worker")
    @Answers404("There is no such adapter")
    List<ResidencyBody> residency(
            @Parameter(description = "The adapter's name", example = "sql") @RequestParam
                    String adapter,
            @CurrentRequester Requester requester);

    @RolesAllowed("admin")
    @PostMapping("/orders")
    @Operation(
            operationId = "orderAdapter",
            summary = "Have workers pin or prefetch a version",
            description =
                    "Either all named workers get the order, or none does. A pinned version"
                            + " stays in a slot, also after a restart of the worker, until the"
                            + " order is taken back; one slot of a worker is always left to the"
                            + " others.")
    @RequestBody(
            required = true,
            content =
                    @Content(
                            mediaType = "application/json",
                            schema = @Schema(implementation = OrderRequestBody.class),
                            examples = {
                                @ExampleObject(
                                        name = "prefetch",
                                        summary = "To all workers' disks",
                                        value = OrderRequestBody.PREFETCH),
                                @ExampleObject(
                                        name = "pin",
                                        summary = "Into a slot of all workers",
                                        value = OrderRequestBody.PIN)
                            }))
    @ApiResponse(responseCode = "202", description = "The orders, one for each worker")
    @Answers400
    @Answers404("There is no such adapter or worker")
    @Answers409("The version is not Ready, or a worker has no slot left for it")
    ResponseEntity<List<OrderBody>> order(
            @org.springframework.web.bind.annotation.RequestBody(required = false)
                    byte @Nullable [] body,
            @CurrentRequester Requester requester);

    @ForReaders
    @GetMapping("/orders")
    @Operation(operationId = "listOrders", summary = "Orders and what has come of them")
    @ApiResponse(responseCode = "200", description = "The newest 500, newest first")
    List<OrderBody> orders(@CurrentRequester Requester requester);

    @RolesAllowed("admin")
    @DeleteMapping("/orders/{id}")
    @Operation(operationId = "takeBackOrder", summary = "Take an order back, which ends a pin")
    @ApiResponse(responseCode = "204", description = "It is taken back")
    @Answers404("There is no such order")
    ResponseEntity<Void> takeBack(
            @ItemId @PathVariable String id, @CurrentRequester Requester requester);
}
