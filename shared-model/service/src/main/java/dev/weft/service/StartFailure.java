package dev.weft.service;

import org.springframework.beans.BeansException;
import org.springframework.context.ApplicationContextException;

/** Says why a service did not start. */
public final class StartFailure {
    private StartFailure() {}

    /**
     * The message of the failure, without Spring's account of the beans that needed what failed.
     */
    public static String reason(Throwable failure) {
        Throwable cause = failure;
        while ((cause instanceof BeansException || cause instanceof ApplicationContextException)
                && cause.getCause() != null) {
            cause = cause.getCause();
        }
        return String.valueOf(cause.getMessage());
    }
}
