package dev.weft.standalone;

import dev.weft.deployment.DeploymentException;
import dev.weft.service.ServiceToken;
import dev.weft.standalone.failure.CommandException;
import dev.weft.standalone.failure.WrongInputException;
import picocli.CommandLine;
import picocli.CommandLine.IExecutionExceptionHandler;
import picocli.CommandLine.ParseResult;

/** Reports a failure on standard error, and turns it into an exit code. */
final class FailureReport implements IExecutionExceptionHandler {
    static final int FAILED = 1;
    static final int WRONG_INPUT = 2;

    @Override
    public int handleExecutionException(
            Exception failure, CommandLine commandLine, ParseResult parsed) {
        switch (failure) {
            case DeploymentException wrong -> {
                wrong.faults().forEach(fault -> commandLine.getErr().println("weft: " + fault));
                return WRONG_INPUT;
            }
            case WrongInputException _, ServiceToken.UnusableException _ -> {
                commandLine.getErr().println("weft: " + failure.getMessage());
                return WRONG_INPUT;
            }
            case CommandException known ->
                    commandLine.getErr().println("weft: " + known.getMessage());
            default -> failure.printStackTrace(commandLine.getErr());
        }
        commandLine.getErr().flush();
        return FAILED;
    }
}
