package dev.weft.catalog.audit;

import dev.weft.catalog.web.Answers400;
import dev.weft.catalog.web.ForReaders;
import io.swagger.v3.oas.annotations.Operation;
import io.swagger.v3.oas.annotations.Parameter;
import io.swagger.v3.oas.annotations.media.Schema;
import io.swagger.v3.oas.annotations.responses.ApiResponse;
import io.swagger.v3.oas.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;
import org.springframework.security.core.annotation.AuthenticationPrincipal;
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
            @Parameter(
                            description = "Entries per page, 1 to 500; 50 if left out",
                            example = "100",
                            schema = @Schema(type = "integer", minimum = "1", maximum = "500"))
                    @RequestParam(required = false)
                    @Nullable String size,
            @Parameter(
                            description = "List what came before the entry with this id",
                            example = "1000",
                            schema = @Schema(type = "integer", format = "int64"))
                    @RequestParam(required = false)
                    @Nullable String before,
            @AuthenticationPrincipal @Parameter(hidden = true) Requester requester);
}
