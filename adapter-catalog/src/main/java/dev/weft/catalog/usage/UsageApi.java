package dev.weft.catalog.usage;

import dev.weft.catalog.audit.Requester;
import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForReaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.enums.ParameterIn;
import io.swagger.v3.oas.annotations.media.Content;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpHeaders;
import org.springframework.http.ResponseEntity;
import org.springframework.util.MultiValueMap;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestHeader;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** What was used. */
@RequestMapping("/admin/v1")
@Tag(name = "Usage", description = "What keys, tenants and adapters have used")
interface UsageApi {
    @ForReaders
    @GetMapping("/usage")
    @Operation(
            operationId = "listUsage",
            summary = "Requests, tokens and cost, added up",
            description =
                    "Gateways hand over what they counted every second. A tenant's token sees its"
                            + " own requests; an admin's sees all tenants', or those of parameter"
                            + " tenant. Accept: text/csv gives a table, whose next page header Link"
                            + " names")
    @Parameter(
            name = "from",
            in = ParameterIn.QUERY,
            description = "First day, in UTC; that of this month if left out",
            example = "2026-11-01",
            schema = @Schema(type = "string", format = "date"))
    @Parameter(
            name = "to",
            in = ParameterIn.QUERY,
            description = "Last day, in UTC; today if left out",
            example = "2026-11-30",
            schema = @Schema(type = "string", format = "date"))
    @Parameter(
            name = "group",
            in = ParameterIn.QUERY,
            description =
                    "What sums are kept apart by: key, tenant, adapter, version, day, several with"
                            + " commas between them; tenant,adapter if left out",
            example = "day,key,version",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "adapter",
            in = ParameterIn.QUERY,
            description = "Only requests for adapters of that name",
            example = "sql",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "size",
            in = ParameterIn.QUERY,
            description = "Sums per page, 1 to 10000; 1000 if left out",
            example = "100",
            schema = @Schema(type = "integer", minimum = "1", maximum = "10000"))
    @Parameter(
            name = "after",
            in = ParameterIn.QUERY,
            description =
                    "Where the page begins, as next of the one before says: behind the sum that it"
                            + " ended with, so that none is told twice or left out while requests"
                            + " are counted",
            schema = @Schema(type = "string"))
    @Parameter(
            name = "offset",
            in = ParameterIn.QUERY,
            description =
                    "Sums that are left out from there on. Pages by offset may repeat sums or miss"
                            + " some while requests are counted",
            example = "0",
            schema = @Schema(type = "integer", format = "int64"))
    @ApiResponse(
            responseCode = "200",
            description = "A page of sums, in the order of day, tenant, key, adapter, version",
            content = {
                @Content(
                        mediaType = "application/json",
                        schema = @Schema(implementation = UsagePageBody.class)),
                @Content(mediaType = "text/csv", schema = @Schema(type = "string"))
            })
    @Answers400
    ResponseEntity<Object> list(
            @RequestParam @Parameter(hidden = true) MultiValueMap<String, String> query,
            @RequestHeader(name = HttpHeaders.ACCEPT, required = false) @Parameter(hidden = true)
                    @Nullable String accept,
            @CurrentRequester Requester requester);
}
