import { Body, Controller, Delete, Get, Header, HttpCode, Inject, Post, Req, Res } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { inputReader } from '../http/parse-input.ts';
import { Access } from './access.ts';
import type { SignInWays } from './access.api.ts';
import { BrowserSignIn } from './browser-sign-in.ts';
import { SignInSchema } from './sign-in.api.ts';
import { SignIn } from './sign-in.ts';

const START = '/api/v1/session/start';
const readBody = inputReader(SignInSchema);

/** The console's session: signing in by the form, and out. */
@Controller('api/v1/session')
export class SessionController {
  constructor(
    @Inject(SignIn) private readonly signIn: SignIn,
    @Inject(BrowserSignIn) private readonly browser: BrowserSignIn,
    @Inject(Access) private readonly access: Access,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  ways(): SignInWays {
    return {
      token: this.access.takesLocalToken,
      identityProvider: this.access.browserProvider === undefined ? null : START,
    };
  }

  @Get('start')
  async start(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.browser.start(request, reply);
  }

  @Get('callback')
  async callback(@Req() request: FastifyRequest, @Res() reply: FastifyReply): Promise<void> {
    await this.browser.finish(request, reply);
  }

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
