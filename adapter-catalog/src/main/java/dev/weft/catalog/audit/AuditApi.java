package dev.weft.catalog.audit;

import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.BeforeId;
import dev.weft.catalog.web.CurrentRequester;
import dev.weft.catalog.web.ForReaders;
import dev.weft.catalog.web.PageSize;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestMapping;
import org.springframework.web.bind.annotation.RequestParam;

/** The audit log. */
@RequestMapping("/admin/v1")
@Tag(name = "Audit", description = "Who changed what, and when")
interface AuditApi {
    @ForReaders
    @GetMapping("/audit")
    @Operation(operationId = "listAudit", summary = "Changes, newest first")
    @ApiResponse(responseCode = "200", description = "A page of changes")
    @Answers400
    AuditPageBody list(
            @PageSize @RequestParam(required = false) @Nullable String size,
            @BeforeId @RequestParam(required = false) @Nullable String before,
            @CurrentRequester Requester requester);
}
