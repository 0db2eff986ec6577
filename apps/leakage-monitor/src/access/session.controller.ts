import { Body, Controller, Delete, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inputReader } from '../http/parse-input.ts';
import { SignInSchema } from './sign-in.api.ts';
import { SignIn } from './sign-in.ts';

const readBody = inputReader(SignInSchema);

/** The console's session: signing in by the form, and out. */
@Controller('api/v1/session')
export class SessionController {
  constructor(@Inject(SignIn) private readonly signIn: SignIn) {}

  @Post()
  @HttpCode(204)
  open(
    @Body() body: unknown,
    @Req() request: FastifyRequest,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): void {
    this.signIn.signIn(readBody(body).token, request, reply);
  }

  @Delete()
  @HttpCode(204)
  close(@Req() request: FastifyRequest, @Res({ passthrough: true }) reply: FastifyReply): void {
    this.signIn.signOut(request, reply);
  }
}
