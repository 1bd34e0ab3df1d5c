package dev.weft.catalog.admin;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.registry.AdapterConflictException;
import dev.weft.catalog.registry.AliasTargetException;
import dev.weft.catalog.registry.RevisionException;
import dev.weft.catalog.registry.UnknownAdapterException;
import dev.weft.catalog.web.Fault;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;

/** Turns what went wrong into problem+json. What nobody foresaw is logged and not shown. */
@RestControllerAdvice
final class ProblemHandler extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> badRequest(BadRequestException e) {
        ProblemDetail problem = problem(HttpStatus.BAD_REQUEST, e);
        problem.setProperty("errors", e.faults());
        return answer(problem).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unknown(UnknownAdapterException e) {
        ProblemDetail problem = problem(HttpStatus.NOT_FOUND, e);
        return answer(problem).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> conflict(AdapterConflictException e) {
        ProblemDetail problem = problem(HttpStatus.CONFLICT, e);
        return answer(problem).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> revision(RevisionException e) {
        ProblemDetail problem =
                problem(
                        e.missing()
                                ? HttpStatus.PRECONDITION_REQUIRED
                                : HttpStatus.PRECONDITION_FAILED,
                        e);
        return answer(problem).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> target(AliasTargetException e) {
        return badRequest(
                new BadRequestException(
                        List.of(
                                new Fault(
                                        "targets[" + e.place() + "]",
                                        e.target().adapter() + "@" + e.target().version(),
                                        e.allowed()))));
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> database(DatabaseException e) {
        LOG.error("the database did not answer a request", e);
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE, "the catalog's database does not answer");
        return answer(problem).header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception e) {
        LOG.error("a request failed", e);
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.INTERNAL_SERVER_ERROR, "the catalog failed; its log says why");
        return answer(problem).body(problem);
    }

    private static ProblemDetail problem(HttpStatus status, RuntimeException e) {
        return ProblemDetail.forStatusAndDetail(status, e.getMessage());
    }

    private static ResponseEntity.BodyBuilder answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }
}
