package dev.weft.catalog.web;

import dev.weft.catalog.database.DatabaseException;
import dev.weft.catalog.fault.BadRequestException;
import dev.weft.catalog.fault.RefusedException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.springframework.http.HttpHeaders;
import org.springframework.http.HttpStatus;
import org.springframework.http.HttpStatusCode;
import org.springframework.http.MediaType;
import org.springframework.http.ProblemDetail;
import org.springframework.http.ResponseEntity;
import org.springframework.security.authentication.AuthenticationServiceException;
import org.springframework.web.bind.annotation.ExceptionHandler;
import org.springframework.web.bind.annotation.RestControllerAdvice;
import org.springframework.web.reactive.result.method.annotation.ResponseEntityExceptionHandler;
import org.springframework.web.util.DisconnectedClientHelper;

/** Turns failures into problem+json. An unexpected failure is logged and not shown. */
@RestControllerAdvice
final class ProblemHandler extends ResponseEntityExceptionHandler {
    private static final Logger LOG = LoggerFactory.getLogger(ProblemHandler.class);
    private static final String RETRY_SECONDS = "5";

    @ExceptionHandler
    ResponseEntity<ProblemDetail> refused(RefusedException e) {
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatusCode.valueOf(e.status()), e.getMessage());
        if (e instanceof BadRequestException bad) {
            problem.setProperty("errors", bad.faults());
        }
        return answer(problem).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> database(DatabaseException e) {
        LOG.error("the database did not answer a request", e);
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.SERVICE_UNAVAILABLE, "the catalog's database does not answer");
        return answer(problem).header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS).body(problem);
    }

    /** The holder of a token can't be found, since the issuer or the database is away. */
    @ExceptionHandler
    ResponseEntity<ProblemDetail> unknowable(AuthenticationServiceException e) {
        LOG.debug("a token can't be checked", e);
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(HttpStatus.SERVICE_UNAVAILABLE, e.getMessage());
        return answer(problem).header(HttpHeaders.RETRY_AFTER, RETRY_SECONDS).body(problem);
    }

    @ExceptionHandler
    ResponseEntity<ProblemDetail> unexpected(Exception e) {
        if (DisconnectedClientHelper.isClientDisconnectedException(e)) {
            LOG.debug("a client has left", e);
        } else {
            LOG.error("a request failed", e);
        }
        ProblemDetail problem =
                ProblemDetail.forStatusAndDetail(
                        HttpStatus.INTERNAL_SERVER_ERROR, "the catalog failed; its log says why");
        return answer(problem).body(problem);
    }

    private static ResponseEntity.BodyBuilder answer(ProblemDetail problem) {
        return ResponseEntity.status(problem.getStatus())
                .contentType(MediaType.APPLICATION_PROBLEM_JSON);
    }
}
